UPDATE passkeys SET name = $3 WHERE user_id = $1 AND passkey_id = $2
