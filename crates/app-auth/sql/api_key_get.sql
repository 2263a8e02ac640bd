SELECT
    k.key_id, k.public_id, k.secret_hash, k.name, k.scopes, k.app, k.resource, k.networks, k.created_at, k.expires_at,
    k.last_used_at, k.last_used_from, k.revoked_at, k.revoke_reason, k.user_id AS holder_id, k.service_account_id,
    COALESCE(s.display_name, a.name) AS holder_name
FROM api_keys AS k
LEFT JOIN subjects AS s ON s.user_id = k.user_id
LEFT JOIN service_accounts AS a ON a.service_account_id = k.service_account_id
WHERE k.key_id = $1
FOR UPDATE OF k
