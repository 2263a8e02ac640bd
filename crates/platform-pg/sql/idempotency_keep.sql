-- Whatever has this key is older than keys are kept: it was looked for under the same lock.
INSERT INTO idempotency_keys (caller_id, idempotency_key, fingerprint, status, location, body, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (caller_id, idempotency_key) DO UPDATE
SET fingerprint = excluded.fingerprint, status = excluded.status, location = excluded.location,
    body = excluded.body, created_at = excluded.created_at
