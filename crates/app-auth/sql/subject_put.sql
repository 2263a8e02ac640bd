INSERT INTO subjects (
    user_id, username, username_key, email, email_key, display_name, role, state, groups, locale, zone, theme,
    version, changed_at, password_directory
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (user_id) DO UPDATE SET
    username = excluded.username,
    username_key = excluded.username_key,
    email = excluded.email,
    email_key = excluded.email_key,
    display_name = excluded.display_name,
    role = excluded.role,
    state = excluded.state,
    groups = excluded.groups,
    locale = excluded.locale,
    zone = excluded.zone,
    theme = excluded.theme,
    version = excluded.version,
    changed_at = excluded.changed_at,
    password_directory = excluded.password_directory
WHERE subjects.version < excluded.version
