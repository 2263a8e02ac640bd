INSERT INTO passkey_challenges (token_hash, purpose, user_id, state, expires_at) VALUES ($1, $2, $3, $4, $5)
