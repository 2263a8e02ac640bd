DELETE FROM forward_clients WHERE client_id = $1
