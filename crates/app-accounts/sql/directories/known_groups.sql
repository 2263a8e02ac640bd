SELECT g.id, g.name, x.external_id
FROM provisioned_groups x
JOIN groups g ON g.id = x.group_id
WHERE x.client_id = $1
