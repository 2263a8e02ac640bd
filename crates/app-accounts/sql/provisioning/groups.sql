-- Groups with the id that client $1 has for them, after id $5.
SELECT g.id, g.name, g.created_at, x.external_id
FROM groups g
LEFT JOIN provisioned_groups x ON x.group_id = g.id AND x.client_id = $1
WHERE ($2::text IS NULL OR lower(g.name) = lower($2))
  AND ($3::uuid IS NULL OR g.id = $3)
  AND ($4::text IS NULL OR x.external_id = $4)
  AND g.id > $5
ORDER BY g.id
LIMIT $6 OFFSET $7
