INSERT INTO forward_sessions (token_hash, client_id, host, session_id, created_at) VALUES ($1, $2, $3, $4, $5)
