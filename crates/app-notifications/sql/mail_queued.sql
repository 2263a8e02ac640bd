SELECT sealed, expires_at FROM mail WHERE mail_id = $1 AND state = 'queued'
