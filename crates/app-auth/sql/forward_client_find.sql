SELECT client_id, name, proxy, hosts, everyone, roles, groups, asked_at, problem FROM forward_clients
WHERE client_id = $1
