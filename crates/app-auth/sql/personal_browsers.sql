SELECT jsonb_build_object('first_seen_at', first_seen_at, 'last_seen_at', last_seen_at) AS record
FROM devices
WHERE user_id = $1
ORDER BY last_seen_at DESC
LIMIT $2
