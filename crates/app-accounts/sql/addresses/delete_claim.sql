DELETE FROM address_claims
WHERE person_id = $1 AND id = $2
RETURNING id, address, expires_at
