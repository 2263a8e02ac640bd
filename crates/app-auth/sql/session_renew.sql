-- Goes on with what has just ended, under another id and another secret. No limit of time begins anew.
INSERT INTO sessions (
    session_id, user_id, token_hash, factors, device, address, created_at, authenticated_at, last_seen_at, expires_at,
    remembered, generation, lineage_id
)
SELECT
    $2, user_id, $3, factors, device, address, created_at, authenticated_at, last_seen_at, expires_at, remembered,
    generation, COALESCE(lineage_id, session_id)
FROM sessions
WHERE session_id = $1
