-- The directories that a person comes from.
SELECT d.id, d.name
FROM provisioned_people x
JOIN directories d ON d.id = x.client_id
WHERE x.person_id = $1
ORDER BY lower(d.name)
