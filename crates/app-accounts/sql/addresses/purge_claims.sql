DELETE FROM address_claims
WHERE expires_at <= $1
