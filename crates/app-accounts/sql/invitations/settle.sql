-- Only while it is being sent: who was revoked or shown a link meanwhile stays so.
UPDATE invitations
SET state = $2, changed_at = $3, expires_at = coalesce($4, expires_at)
WHERE person_id = $1 AND state = 'sending'
