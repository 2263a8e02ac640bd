SELECT occurred_at, actor_name, action, outcome, target_name, changes
FROM audit
ORDER BY occurred_at DESC, id
LIMIT $1 OFFSET $2
