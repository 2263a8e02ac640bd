SELECT user_id, version, session_generation FROM subjects WHERE changed_at >= $1
