INSERT INTO forward_tickets (ticket_hash, client_id, host, browser_hash, session_id, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
