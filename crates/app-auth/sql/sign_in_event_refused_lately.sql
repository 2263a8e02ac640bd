-- Since the last time it went well, and not before $2.
SELECT count(*) AS refused
FROM sign_in_events
WHERE user_id = $1
    AND outcome = 'refused'
    AND at >= $2
    AND at > coalesce(
        (
            SELECT s.at FROM sign_in_events AS s
            WHERE s.user_id = $1 AND s.outcome = 'success' ORDER BY s.at DESC LIMIT 1
        ),
        '-infinity'
    )
