DELETE FROM mail_links WHERE expires_at < $1
