SELECT content
FROM archives
WHERE id = $1 AND person_id = $2 AND asked_by = $3 AND state = 'ready' AND expires_at > $4
