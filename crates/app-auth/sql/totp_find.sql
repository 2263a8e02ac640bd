SELECT sealed_seed, created_at FROM totp_seeds WHERE user_id = $1
