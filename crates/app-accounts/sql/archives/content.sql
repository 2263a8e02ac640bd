SELECT person_id, content
FROM archives
WHERE id = $1 AND asked_by = $2 AND state = 'ready' AND expires_at > $3
