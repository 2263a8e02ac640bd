-- The mail addresses of people, the primary one of each first.
SELECT m.person_id, m.address
FROM mail_addresses m
JOIN people p ON p.id = m.person_id
WHERE m.person_id = ANY ($1)
ORDER BY m.person_id, lower(m.address) = lower(p.email) DESC, lower(m.address)
