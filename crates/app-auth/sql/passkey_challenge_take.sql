-- Answered once, whatever the answer is worth, for what it was made for and by whom it was made for.
DELETE FROM passkey_challenges
WHERE token_hash = $1 AND purpose = $2 AND user_id IS NOT DISTINCT FROM $3 AND expires_at > $4
RETURNING state
