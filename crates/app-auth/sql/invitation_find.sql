SELECT
    s.user_id, s.username, s.email, s.display_name, s.role, s.state, s.groups, s.locale, s.zone, s.theme, s.version,
    s.password_directory
FROM invitations AS i
JOIN subjects AS s ON s.user_id = i.user_id
WHERE i.token_hash = $1 AND i.used_at IS NULL AND i.expires_at > $2
