DELETE FROM totp_seeds WHERE user_id = $1
