SELECT jsonb_build_object('id', key_id, 'public_id', public_id, 'name', name, 'scopes', scopes, 'app', app,
                          'resource', resource, 'networks', networks, 'created_at', created_at,
                          'expires_at', expires_at, 'last_used_at', last_used_at, 'last_used_from', last_used_from,
                          'revoked_at', revoked_at, 'revoke_reason', revoke_reason) AS record
FROM api_keys
WHERE user_id = $1
ORDER BY created_at DESC
LIMIT $2
