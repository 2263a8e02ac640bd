INSERT INTO mail_addresses (id, person_id, address, created_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (lower(address)) DO NOTHING
