-- Of several at once exactly one gets the row.
UPDATE ways_in SET used_at = $2
WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
RETURNING user_id, login
