-- What sign-in knows of a person. Their groups are accounts' to tell.
SELECT jsonb_build_object('username', username, 'email', email, 'display_name', display_name, 'role', role,
                          'state', state, 'locale', locale, 'zone', zone, 'theme', theme,
                          'password_directory', password_directory, 'changed_at', changed_at) AS record
FROM subjects
WHERE user_id = $1
LIMIT $2
