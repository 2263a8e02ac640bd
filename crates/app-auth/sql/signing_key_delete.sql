DELETE FROM signing_keys WHERE key_id = $1
