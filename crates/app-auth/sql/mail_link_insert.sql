INSERT INTO mail_links (mail_link_id, handle_hash, token_hash, wrong_codes, created_at, expires_at)
VALUES ($1, $2, $3, 0, $4, $5)
