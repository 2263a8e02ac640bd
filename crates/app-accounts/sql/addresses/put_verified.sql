INSERT INTO mail_addresses (id, person_id, address, verified_at, created_at)
VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (lower(address)) DO UPDATE
SET verified_at = EXCLUDED.verified_at
WHERE mail_addresses.person_id = EXCLUDED.person_id
