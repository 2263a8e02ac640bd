-- Newest first; of one person when named.
SELECT
    e.event_id, e.user_id, e.outcome, e.reason, e.device, e.known_device, e.address, e.network, e.request_id, e.at,
    s.display_name
FROM sign_in_events AS e
LEFT JOIN subjects AS s ON s.user_id = e.user_id
WHERE ($1::uuid IS NULL OR e.user_id = $1) AND ($2::uuid IS NULL OR e.event_id = $2)
ORDER BY e.at DESC, e.event_id DESC
LIMIT $3
