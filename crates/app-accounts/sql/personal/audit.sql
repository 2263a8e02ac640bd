-- What was done by and to the person. Who else took part is not named, nor what others became by it.
SELECT jsonb_build_object('at', occurred_at, 'by_oneself', COALESCE(actor_id = $1, false), 'action', action,
                          'outcome', outcome, 'to_oneself', COALESCE(target_id = $1, false),
                          'target_kind', target_kind,
                          'changes', CASE WHEN target_id = $1 THEN changes - '{manager,person,name}'::text[] END) AS record
FROM audit
WHERE target_id = $1 OR actor_id = $1
ORDER BY occurred_at DESC, id
LIMIT $2
