INSERT INTO sessions (
    session_id, user_id, token_hash, factors, device, address, created_at, authenticated_at, last_seen_at, expires_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8)
