-- Tools behind a proxy that the person was let in to, by sessions that are still there.
SELECT jsonb_build_object('tool', f.client_id, 'host', f.host, 'session', f.session_id, 'created_at', f.created_at) AS record
FROM forward_sessions f
JOIN sessions s ON s.session_id = f.session_id
WHERE s.user_id = $1
ORDER BY f.created_at DESC
LIMIT $2
