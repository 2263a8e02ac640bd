INSERT INTO signing_keys (key_id, sealed_jwk, created_at) VALUES ($1, $2, $3)
