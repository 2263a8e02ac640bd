-- What waits is not sent any more; of what was sent only the record is left, of nobody.
UPDATE mail
SET person_id = NULL, recipient = '', reply = '',
    state = CASE state WHEN 'queued' THEN 'expired' ELSE state END,
    settled_at = coalesce(settled_at, $2),
    sealed = NULL
WHERE person_id = $1
