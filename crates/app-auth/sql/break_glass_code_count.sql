SELECT count(*) AS unused FROM break_glass_codes WHERE user_id = $1 AND used_at IS NULL
