UPDATE mail_links SET user_id = $2 WHERE mail_link_id = $1 AND used_at IS NULL
