UPDATE second_factor_failures SET failures = $2, last_failed_at = $3 WHERE user_id = $1
