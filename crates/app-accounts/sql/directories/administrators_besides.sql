SELECT count(*) AS total
FROM people p
WHERE p.role = 'admin' AND p.life_state = 'active'
  AND NOT EXISTS (SELECT 1 FROM provisioned_people x WHERE x.person_id = p.id AND x.client_id = $1)
