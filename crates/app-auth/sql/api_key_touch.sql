-- Two gateways may ask at the same moment: one of them writes.
UPDATE api_keys SET last_used_at = $2, last_used_from = $3
WHERE key_id = $1 AND (last_used_at IS NULL OR last_used_at <= $4)
