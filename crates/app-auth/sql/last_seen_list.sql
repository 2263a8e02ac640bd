-- Who was seen since a second, in the order of when. Browsers are remembered longer than the sessions in them. Asked
-- once an hour and by no person: no index follows the last use of sessions, which would cost every use.
SELECT seen.user_id, date_trunc('second', max(seen.at)) AS seen_at
FROM (
    SELECT user_id, last_seen_at AS at FROM sessions WHERE last_seen_at >= $1
    UNION ALL
    SELECT user_id, last_used_at FROM api_keys WHERE user_id IS NOT NULL AND last_used_at >= $1
    UNION ALL
    SELECT user_id, last_seen_at FROM devices WHERE last_seen_at >= $1
) AS seen
GROUP BY seen.user_id
HAVING (date_trunc('second', max(seen.at)), seen.user_id) > ($1, $2)
ORDER BY 2, 1
LIMIT $3
