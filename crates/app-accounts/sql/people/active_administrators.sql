SELECT id FROM people WHERE role = 'admin' AND state = 'active' ORDER BY id LIMIT 100
