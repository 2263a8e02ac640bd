SELECT key_id, sealed_jwk, created_at FROM signing_keys ORDER BY created_at, key_id
