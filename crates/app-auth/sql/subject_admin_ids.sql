SELECT user_id FROM subjects WHERE role = 'admin' AND state <> 'disabled' ORDER BY user_id LIMIT 1000
