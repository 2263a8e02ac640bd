SELECT
    n.session_id, n.factors, n.created_at, n.authenticated_at, n.last_seen_at, n.expires_at, n.remembered,
    n.generation, COALESCE(n.lineage_id, n.session_id) AS lineage_id,
    s.user_id, s.username, s.email, s.display_name, s.role, s.state, s.groups, s.locale, s.zone, s.theme, s.version,
    s.password_directory
FROM forward_sessions AS f
JOIN sessions AS n ON n.session_id = f.session_id
JOIN subjects AS s ON s.user_id = n.user_id
WHERE f.token_hash = $1 AND f.client_id = $2 AND f.host = $3 AND n.ended_at IS NULL
    AND COALESCE(n.generation, s.session_generation) = s.session_generation
