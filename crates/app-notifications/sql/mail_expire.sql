UPDATE mail
SET state = 'expired', sealed = NULL, settled_at = $1
WHERE state = 'queued' AND expires_at <= $1
