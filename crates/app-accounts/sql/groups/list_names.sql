SELECT id, name
FROM groups
ORDER BY lower(name), id
LIMIT $1
