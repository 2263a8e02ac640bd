-- What expired while it was on its way was delivered after all.
UPDATE mail
SET state = $2,
    sealed = NULL,
    attempts = attempts + $3,
    trouble = $4,
    reply = $5,
    tried_at = CASE WHEN $3 > 0 THEN $6 ELSE tried_at END,
    settled_at = $6
WHERE mail_id = $1 AND (state = 'queued' OR (state = 'expired' AND $2 = 'delivered'))
