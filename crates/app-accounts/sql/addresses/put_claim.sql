-- A new link for the same address ends the one before.
INSERT INTO address_claims (id, person_id, address, token_hash, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (person_id, lower(address)) DO UPDATE
SET id = EXCLUDED.id, address = EXCLUDED.address, token_hash = EXCLUDED.token_hash,
    created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at
