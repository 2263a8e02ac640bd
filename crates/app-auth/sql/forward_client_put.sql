INSERT INTO forward_clients (client_id, name, proxy, hosts, everyone, roles, groups, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (client_id) DO UPDATE SET
    name = excluded.name, proxy = excluded.proxy, hosts = excluded.hosts, everyone = excluded.everyone,
    roles = excluded.roles, groups = excluded.groups
WHERE $9
