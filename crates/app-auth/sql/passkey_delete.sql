DELETE FROM passkeys WHERE user_id = $1 AND passkey_id = $2
