-- Who besides those of directory $1 has one of these mail addresses, in lower case.
SELECT p.id, p.display_name AS name, lower(m.address) AS held
FROM mail_addresses m
JOIN people p ON p.id = m.person_id
WHERE lower(m.address) = ANY ($2)
  AND NOT EXISTS (SELECT 1 FROM provisioned_people x WHERE x.person_id = p.id AND x.client_id = $1)
