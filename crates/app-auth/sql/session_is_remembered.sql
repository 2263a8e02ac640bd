SELECT remembered FROM sessions WHERE user_id = $1 AND session_id = $2 AND ended_at IS NULL
