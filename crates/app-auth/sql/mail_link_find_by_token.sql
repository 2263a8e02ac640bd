SELECT l.mail_link_id, l.handle_hash, l.user_id, l.wrong_codes, l.expires_at, l.used_at, f.login, f.return_to
FROM mail_links AS l
JOIN sign_in_flows AS f ON f.handle_hash = l.handle_hash
WHERE l.token_hash = $1
FOR UPDATE OF l
