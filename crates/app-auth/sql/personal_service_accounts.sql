-- Programs that the person answers for.
SELECT jsonb_build_object('id', service_account_id, 'name', name, 'role', role, 'enabled', enabled,
                          'created_at', created_at) AS record
FROM service_accounts
WHERE owner_id = $1
ORDER BY created_at
LIMIT $2
