INSERT INTO invitations (token_hash, user_id, invited_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT ON CONSTRAINT invitations_pkey DO NOTHING
