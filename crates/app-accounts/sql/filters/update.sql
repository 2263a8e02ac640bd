UPDATE people_filters SET name = $3, shared = $4
WHERE id = $1 AND owner_id = $2
