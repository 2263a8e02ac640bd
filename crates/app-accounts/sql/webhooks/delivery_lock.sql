SELECT id, webhook_id, event, body, state, turn, attempts, status, fault, created_at, attempted_at, next_at
FROM webhook_deliveries
WHERE id = $1
FOR NO KEY UPDATE
