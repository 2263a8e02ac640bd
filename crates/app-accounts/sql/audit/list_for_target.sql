-- What happened to a person or group itself, and to a person in groups.
(SELECT occurred_at, id, actor_name, action, outcome, target_name, changes
 FROM audit
 WHERE target_id = $1
 ORDER BY occurred_at DESC, id
 LIMIT $2)
UNION ALL
(SELECT occurred_at, id, actor_name, action, outcome, target_name, changes
 FROM audit
 WHERE changes ? 'person' AND changes ->> 'person' = $1::uuid::text
 ORDER BY occurred_at DESC, id
 LIMIT $2)
ORDER BY occurred_at DESC, id
LIMIT $2
