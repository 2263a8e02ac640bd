-- What happened to a person or group itself, and to a person in groups.
(SELECT id, occurred_at, actor_id, actor_name, action, outcome, target_kind, target_id, target_name, changes, request_id,
        address, through
 FROM audit
 WHERE target_id = $1
 ORDER BY occurred_at DESC, id
 LIMIT $2)
UNION ALL
(SELECT id, occurred_at, actor_id, actor_name, action, outcome, target_kind, target_id, target_name, changes, request_id,
        address, through
 FROM audit
 WHERE changes ? 'person' AND changes ->> 'person' = $1::uuid::text
 ORDER BY occurred_at DESC, id
 LIMIT $2)
ORDER BY occurred_at DESC, id
LIMIT $2
