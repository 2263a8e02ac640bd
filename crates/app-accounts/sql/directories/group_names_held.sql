-- Which groups besides those of directory $1 have one of these names, in lower case.
SELECT g.id, g.name, lower(g.name) AS held
FROM groups g
WHERE lower(g.name) = ANY ($2)
  AND NOT EXISTS (SELECT 1 FROM provisioned_groups x WHERE x.group_id = g.id AND x.client_id = $1)
