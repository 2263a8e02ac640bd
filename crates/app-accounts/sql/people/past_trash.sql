SELECT id
FROM people
WHERE locked_by = 'trash' AND state = 'disabled' AND trashed_at < $1
ORDER BY trashed_at, id
LIMIT $2
