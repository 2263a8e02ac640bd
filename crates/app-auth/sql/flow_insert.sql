INSERT INTO sign_in_flows (handle_hash, login, return_to, user_id, proven, created_at, expires_at, adds)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
