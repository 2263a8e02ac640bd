UPDATE webhook_deliveries
SET state = $2, turn = $3, attempts = $4, status = $5, fault = $6, attempted_at = $7, next_at = $8
WHERE id = $1
