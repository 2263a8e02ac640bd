SELECT id, webhook_id, event, body, state, turn, attempts, status, fault, created_at, attempted_at, next_at
FROM webhook_deliveries
WHERE webhook_id = $1
ORDER BY created_at DESC, id
LIMIT $2
