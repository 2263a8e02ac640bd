UPDATE api_keys SET revoked_at = $2, revoke_reason = $3
WHERE key_id = $1 AND revoked_at IS NULL
RETURNING key_id AS session_id, COALESCE(user_id, service_account_id) AS user_id, secret_hash AS token_hash
