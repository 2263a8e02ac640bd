SELECT EXISTS (SELECT FROM setup_links WHERE token_hash = $1 AND expires_at > $2) AS found
