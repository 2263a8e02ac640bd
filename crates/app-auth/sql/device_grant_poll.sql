UPDATE device_grants SET polled_at = $2, interval_seconds = $3 WHERE device_hash = $1
