-- The key with its holder: a person, or a service account with its owner.
SELECT
    k.key_id, k.public_id, k.secret_hash, k.name, k.scopes, k.app, k.resource, k.networks, k.created_at, k.expires_at,
    k.last_used_at, k.last_used_from, k.revoked_at, k.revoke_reason, k.user_id AS holder_id, k.service_account_id,
    s.user_id, s.username, s.email, s.display_name, s.role, s.state, s.groups, s.locale, s.zone, s.theme, s.version,
    s.password_directory,
    a.name AS account_name, a.description, a.owner_id, a.role AS account_role, a.enabled,
    o.state AS owner_state, o.display_name AS owner_name
FROM api_keys AS k
LEFT JOIN subjects AS s ON s.user_id = k.user_id
LEFT JOIN service_accounts AS a ON a.service_account_id = k.service_account_id
LEFT JOIN subjects AS o ON o.user_id = a.owner_id
WHERE k.public_id = $1
