SELECT id, address, expires_at
FROM address_claims
WHERE person_id = $1 AND expires_at > $2
ORDER BY lower(address)
