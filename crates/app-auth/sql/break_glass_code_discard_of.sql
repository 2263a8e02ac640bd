DELETE FROM break_glass_codes WHERE user_id = $1
