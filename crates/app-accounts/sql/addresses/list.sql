SELECT a.id, a.address, a.verified_at, lower(a.address) = lower(p.email) AS is_primary
FROM mail_addresses a
JOIN people p ON p.id = a.person_id
WHERE a.person_id = $1
ORDER BY is_primary DESC, lower(a.address)
