-- Live sessions of everybody, last used first; of people whose name or address fits, when something is sought.
SELECT
    n.session_id, n.user_id, n.device, n.address, n.factors, n.created_at, n.last_seen_at, s.username, s.display_name
FROM sessions AS n
JOIN subjects AS s ON s.user_id = n.user_id
WHERE n.ended_at IS NULL AND n.expires_at > $1
    AND COALESCE(n.generation, s.session_generation) = s.session_generation
    AND CASE WHEN n.remembered THEN n.created_at > $4 ELSE n.last_seen_at > $2 AND n.created_at > $3 END
    AND (
        $5 = '' OR starts_with(s.username_key, $5) OR s.email_key = $5
        OR strpos(lower(s.display_name), $5) > 0
    )
ORDER BY n.last_seen_at DESC, n.session_id
LIMIT $6
