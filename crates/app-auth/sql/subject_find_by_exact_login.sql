SELECT user_id FROM subjects
WHERE username_key = $1 OR (email_key = $1 AND email_key <> '')
LIMIT 2
