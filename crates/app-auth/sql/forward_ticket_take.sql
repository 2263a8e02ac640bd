UPDATE forward_tickets SET used_at = $5
WHERE ticket_hash = $1 AND client_id = $2 AND host = $3 AND browser_hash = $4 AND used_at IS NULL AND expires_at > $5
RETURNING session_id
