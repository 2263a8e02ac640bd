-- The directories that keep people's passwords, and what they call them there. Of several the first by name.
SELECT DISTINCT ON (x.person_id) x.person_id, x.external_id, d.id, d.name
FROM provisioned_people x
JOIN directories d ON d.id = x.client_id AND d.sign_in
WHERE x.person_id = ANY ($1) AND x.external_id IS NOT NULL
ORDER BY x.person_id, lower(d.name), d.id
