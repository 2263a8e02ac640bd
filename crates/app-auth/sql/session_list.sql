SELECT n.session_id, n.device, n.address, n.factors, n.remembered, n.created_at, n.last_seen_at
FROM sessions AS n
JOIN subjects AS s ON s.user_id = n.user_id
WHERE n.user_id = $1 AND n.ended_at IS NULL AND n.expires_at > $2
    AND COALESCE(n.generation, s.session_generation) = s.session_generation
    AND CASE WHEN n.remembered THEN n.created_at > $5 ELSE n.last_seen_at > $3 AND n.created_at > $4 END
ORDER BY n.created_at DESC, n.session_id DESC
LIMIT 100
