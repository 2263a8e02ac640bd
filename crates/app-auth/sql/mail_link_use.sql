-- With one proof of a sign-in every other one of it is over.
UPDATE mail_links SET used_at = $2 WHERE handle_hash = $1 AND used_at IS NULL
