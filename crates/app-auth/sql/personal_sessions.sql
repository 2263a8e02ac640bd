SELECT jsonb_build_object('id', session_id, 'device', device, 'address', address, 'factors', factors,
                          'remembered', remembered, 'created_at', created_at, 'last_seen_at', last_seen_at,
                          'expires_at', expires_at, 'ended_at', ended_at, 'end_reason', end_reason) AS record
FROM sessions
WHERE user_id = $1
ORDER BY created_at DESC
LIMIT $2
