SELECT credential FROM passkeys WHERE user_id = $1 ORDER BY passkey_id
