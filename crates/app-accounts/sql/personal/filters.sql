SELECT jsonb_build_object('name', name, 'query', query, 'shared', shared, 'created_at', created_at) AS record
FROM people_filters
WHERE owner_id = $1
ORDER BY lower(name)
LIMIT $2
