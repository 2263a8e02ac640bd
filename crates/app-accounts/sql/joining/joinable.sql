-- Groups people may come into by themselves and $1 is not in directly, with the person's open request.
SELECT g.id, g.name, g.description, g.joining, r.id AS request_id, r.created_at AS requested_at
FROM groups g
LEFT JOIN group_requests r ON r.group_id = g.id AND r.person_id = $1 AND r.state = 'open'
WHERE g.joining <> 'closed'
  AND NOT EXISTS (SELECT FROM group_people gp
                  WHERE gp.group_id = g.id AND gp.person_id = $1 AND (gp.ends_at IS NULL OR gp.ends_at > $2))
ORDER BY lower(g.name), g.id
LIMIT $3 OFFSET $4
