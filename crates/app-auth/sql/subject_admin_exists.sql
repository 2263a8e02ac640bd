SELECT EXISTS (SELECT FROM subjects WHERE role = 'admin') AS found
