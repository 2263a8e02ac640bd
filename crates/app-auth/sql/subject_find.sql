SELECT user_id, username, email, display_name, role, state, groups, locale, zone, theme, version,
    password_directory
FROM subjects
WHERE user_id = $1
