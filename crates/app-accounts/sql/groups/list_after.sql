-- Groups after a place in the order of their names. Nothing is counted.
SELECT id, name, description, joining, version, 0::bigint AS people, false AS more, 0::bigint AS groups
FROM groups
WHERE $1::text IS NULL OR (lower(name), id) > (lower($1), $2::uuid)
ORDER BY lower(name), id
LIMIT $3
