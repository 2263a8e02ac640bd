SELECT id, person_id, asked_by, language, state, size, created_at, ready_at, expires_at
FROM archives
WHERE id = $1
