-- Links that were made for the person: that they were, never what they hold.
SELECT jsonb_build_object('kind', kind, 'created_at', created_at, 'expires_at', expires_at, 'used_at', used_at) AS record
FROM (
    SELECT 'invitation' AS kind, created_at, expires_at, used_at FROM invitations WHERE user_id = $1
    UNION ALL
    SELECT 'sign_in', created_at, expires_at, used_at FROM mail_links WHERE user_id = $1
    UNION ALL
    SELECT 'way_in', created_at, expires_at, used_at FROM ways_in WHERE user_id = $1
) AS links
ORDER BY created_at DESC, kind
LIMIT $2
