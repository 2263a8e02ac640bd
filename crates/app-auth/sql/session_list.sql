SELECT session_id, device, address, created_at, last_seen_at
FROM sessions
WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 AND last_seen_at > $3
ORDER BY created_at DESC, session_id DESC
LIMIT 100
