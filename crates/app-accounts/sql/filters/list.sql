-- One's own, and then what others share.
SELECT f.id, f.owner_id, p.display_name AS owner_name, f.name, f.query, f.shared, f.created_at
FROM people_filters f
JOIN people p ON p.id = f.owner_id
WHERE f.owner_id = $1 OR f.shared
ORDER BY f.owner_id = $1 DESC, lower(f.name), f.id
LIMIT $2
