DELETE FROM idempotency_keys
WHERE (caller_id, idempotency_key) IN (
    SELECT caller_id, idempotency_key FROM idempotency_keys
    WHERE created_at < now() - interval '24 hours' ORDER BY created_at LIMIT $1
)
