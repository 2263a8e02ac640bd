SELECT user_id, username, email, display_name, role, state, groups, locale, zone, theme, version
FROM subjects
WHERE user_id = $1
