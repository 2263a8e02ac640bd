-- Keeps a person as they are until the transaction ends, so that a session cannot appear behind the back of
-- whoever disables them.
SELECT user_id, username, email, display_name, role, state, groups, locale, zone, theme, version,
    password_directory
FROM subjects
WHERE user_id = $1
FOR NO KEY UPDATE
