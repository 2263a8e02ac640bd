INSERT INTO sessions (
    session_id, user_id, token_hash, factors, device, address, created_at, authenticated_at, last_seen_at, expires_at,
    remembered, generation
)
SELECT $1, user_id, $3, $4, $5, $6, $7, $7, $7, $8, $9, session_generation
FROM subjects
WHERE user_id = $2
