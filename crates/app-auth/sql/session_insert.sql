INSERT INTO sessions (
    session_id, user_id, token_hash, factors, device, address, created_at, authenticated_at, last_seen_at, expires_at,
    remembered, generation, lineage_id
)
SELECT
    $1, user_id, $3, $4, $5, $6, $7, $7, $7, $8, $9, session_generation,
    (
        SELECT COALESCE(former.lineage_id, former.session_id)
        FROM sessions AS former
        WHERE former.session_id = $10 AND former.user_id = $2
    )
FROM subjects
WHERE user_id = $2
