-- What people have, by name; those who fit when something is sought.
SELECT
    s.user_id, s.username, s.display_name, s.state,
    s.password_directory <> '' OR EXISTS (SELECT FROM passwords AS p WHERE p.user_id = s.user_id) AS has_password,
    EXISTS (SELECT FROM totp_seeds AS t WHERE t.user_id = s.user_id) AS has_totp,
    (SELECT count(*) FROM passkeys AS k WHERE k.user_id = s.user_id) AS passkeys
FROM subjects AS s
WHERE $1 = '' OR starts_with(s.username_key, $1) OR s.email_key = $1 OR strpos(lower(s.display_name), $1) > 0
ORDER BY lower(s.display_name), s.user_id
LIMIT $2
