SELECT m.person_id, m.address, m.verified_at IS NOT NULL AS confirmed
FROM mail_addresses m
JOIN provisioned_people x ON x.person_id = m.person_id AND x.client_id = $1
ORDER BY m.person_id, lower(m.address)
