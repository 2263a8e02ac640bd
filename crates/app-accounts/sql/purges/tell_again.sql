-- Whoever has not confirmed for a while may not have heard.
UPDATE purges
SET told_at = $1
WHERE told_at < $2
  AND (SELECT count(*) FROM purge_confirmations c WHERE c.person_id = purges.person_id) < $3
RETURNING person_id
