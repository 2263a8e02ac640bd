UPDATE mail_links SET wrong_codes = wrong_codes + 1 WHERE mail_link_id = $1
