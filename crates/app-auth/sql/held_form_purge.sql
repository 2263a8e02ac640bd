DELETE FROM held_forms WHERE created_at < $1
