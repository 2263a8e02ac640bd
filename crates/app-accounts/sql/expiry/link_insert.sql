INSERT INTO extension_links (token_hash, reminder_id) VALUES ($1, $2)
