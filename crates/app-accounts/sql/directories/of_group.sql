-- The directories that a group comes from.
SELECT d.id, d.name
FROM provisioned_groups x
JOIN directories d ON d.id = x.client_id
WHERE x.group_id = $1
ORDER BY lower(d.name)
