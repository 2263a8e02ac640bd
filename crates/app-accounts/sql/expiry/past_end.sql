-- Who still has access after their last day, in the order of their ids.
SELECT p.id
FROM people p
LEFT JOIN life_cycles l ON l.person_id = p.id
WHERE p.state <> 'disabled' AND COALESCE(p.ends_on, l.ends_on) < $1 AND p.id > $2
ORDER BY p.id
LIMIT $3
