-- The directory that group $1 comes from and that is written to, with its id for it. Of several the first by name.
SELECT d.id, x.external_id
FROM provisioned_groups x
JOIN directories d ON d.id = x.client_id AND d.write_back AND d.preset = 'freeipa'
WHERE x.group_id = $1 AND x.external_id IS NOT NULL
ORDER BY lower(d.name), d.id
LIMIT 1
