SELECT session_id, user_id, token_hash FROM sessions WHERE user_id = ANY ($1) AND ended_at IS NULL
