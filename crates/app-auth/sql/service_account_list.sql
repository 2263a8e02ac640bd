SELECT
    a.service_account_id, a.name AS account_name, a.description, a.owner_id, a.role AS account_role, a.enabled,
    o.state AS owner_state, o.display_name AS owner_name
FROM service_accounts AS a
LEFT JOIN subjects AS o ON o.user_id = a.owner_id
WHERE ($1::uuid IS NULL OR a.service_account_id = $1)
ORDER BY a.name
LIMIT 500
