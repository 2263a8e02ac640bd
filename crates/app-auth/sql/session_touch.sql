UPDATE sessions SET last_seen_at = $2
WHERE session_id = $1 AND ended_at IS NULL AND last_seen_at <= $2
