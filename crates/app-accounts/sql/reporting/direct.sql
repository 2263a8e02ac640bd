SELECT id FROM people WHERE manager_id = $1
