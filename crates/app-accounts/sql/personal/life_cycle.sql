-- Ends of the account, reminders of them, and what runs of the life cycle did.
SELECT jsonb_build_object('kind', kind, 'ends_on', ends_on, 'at', at, 'reason', reason) AS record
FROM (
    SELECT 'end_of_kind' AS kind, ends_on, expired_at AS at, NULL AS reason FROM life_cycles WHERE person_id = $1
    UNION ALL
    SELECT 'reminder', ends_on, created_at, NULL FROM expiry_reminders WHERE person_id = $1
    UNION ALL
    SELECT action, ends_on, at, reason FROM life_cycle_steps WHERE person_id = $1
) AS steps
ORDER BY at DESC NULLS LAST, kind
LIMIT $2
