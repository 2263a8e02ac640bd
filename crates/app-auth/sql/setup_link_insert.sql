INSERT INTO setup_links (token_hash, created_at, expires_at) VALUES ($1, $2, $3)
