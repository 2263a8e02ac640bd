SELECT jsonb_build_object('at', at, 'outcome', outcome, 'reason', reason, 'device', device,
                          'known_device', known_device, 'address', address) AS record
FROM sign_in_events
WHERE user_id = $1
ORDER BY at DESC
LIMIT $2
