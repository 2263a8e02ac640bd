SELECT client_id, name, proxy, hosts, everyone, roles, groups, asked_at, problem FROM forward_clients
ORDER BY name, client_id
LIMIT 200
