UPDATE device_grants SET user_id = $2, approved = $3 WHERE device_hash = $1 AND approved IS NULL
