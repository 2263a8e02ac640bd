SELECT id, person_id, asked_by, language, state, size, created_at, ready_at, expires_at
FROM archives
WHERE person_id = $1 AND asked_by = $2 AND expires_at > $3 AND state <> 'replaced'
ORDER BY created_at DESC
LIMIT 5
