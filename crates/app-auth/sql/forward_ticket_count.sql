SELECT count(*) AS count FROM forward_tickets
WHERE session_id = $1 AND client_id = $2 AND host = $3 AND created_at > $4
