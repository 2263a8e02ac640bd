SELECT fingerprint, status, location, body
FROM idempotency_keys
WHERE caller_id = $1 AND idempotency_key = $2 AND created_at > $3
