SELECT session_id, user_id, token_hash FROM sessions WHERE ended_at >= $1
