INSERT INTO passkeys (passkey_id, user_id, credential_id, credential, name, model, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (credential_id) DO NOTHING
