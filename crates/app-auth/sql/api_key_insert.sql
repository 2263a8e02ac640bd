INSERT INTO api_keys (
    key_id, public_id, secret_hash, user_id, service_account_id, name, scopes, app, resource, networks, created_at,
    expires_at, last_used_from
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '')
