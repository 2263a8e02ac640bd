-- Who besides those of directory $1 goes by one of these user names, in lower case.
SELECT p.id, p.display_name AS name, h.held
FROM (SELECT id AS person_id, lower(username) AS held FROM people WHERE lower(username) = ANY ($2)
      UNION
      SELECT person_id, lower(user_name) FROM provisioned_names WHERE lower(user_name) = ANY ($2)) h
JOIN people p ON p.id = h.person_id
WHERE NOT EXISTS (SELECT 1 FROM provisioned_people x WHERE x.person_id = p.id AND x.client_id = $1)
