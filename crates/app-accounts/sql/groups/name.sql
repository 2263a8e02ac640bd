SELECT name
FROM groups
WHERE id = $1
