SELECT user_id FROM subjects WHERE role = 'admin'
