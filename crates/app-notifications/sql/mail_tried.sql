UPDATE mail
SET attempts = attempts + 1, trouble = $2, reply = $3, tried_at = $4
WHERE mail_id = $1 AND state = 'queued'
