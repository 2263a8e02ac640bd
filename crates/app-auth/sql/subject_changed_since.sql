SELECT user_id, version FROM subjects WHERE changed_at >= $1
