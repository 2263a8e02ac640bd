-- Since the last time it went well, and not before $2.
SELECT count(*) AS refused
FROM sign_in_events AS e
LEFT JOIN LATERAL (
    SELECT s.at, s.event_id
    FROM sign_in_events AS s
    WHERE s.user_id = $1 AND s.outcome = 'success'
    ORDER BY s.at DESC, s.event_id DESC
    LIMIT 1
) AS good ON true
WHERE e.user_id = $1
    AND e.outcome = 'refused'
    AND e.at >= $2
    AND (good.at IS NULL OR (e.at, e.event_id) > (good.at, good.event_id))
