DELETE FROM address_claims
WHERE person_id = $1 AND token_hash = $2 AND expires_at > $3
RETURNING id, address, expires_at
