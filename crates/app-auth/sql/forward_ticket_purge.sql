DELETE FROM forward_tickets WHERE expires_at < $1
