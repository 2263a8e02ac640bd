SELECT passkey_id, name, model, created_at, last_used_at FROM passkeys WHERE user_id = $1 ORDER BY created_at, passkey_id
