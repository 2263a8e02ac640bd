-- Two rows tell the caller that the name is ambiguous.
SELECT
    s.user_id, s.username, s.email, s.display_name, s.role, s.state, s.groups, s.locale, s.zone, s.theme,
    s.version, s.password_directory, p.phc
FROM subjects AS s
LEFT JOIN passwords AS p ON p.user_id = s.user_id
WHERE s.username_key = $1 OR (s.email_key = $1 AND s.email_key <> '')
LIMIT 2
