UPDATE device_grants SET used_at = $2 WHERE device_hash = $1 AND approved AND used_at IS NULL
