SELECT occurred_at, actor_name, action, outcome, target_name, changes
FROM audit
WHERE target_id = $1
ORDER BY occurred_at DESC, id
LIMIT $2
