DELETE FROM people_filters
WHERE id = $1 AND owner_id = $2
RETURNING name
