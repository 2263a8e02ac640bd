-- A step works once, and none before it works any more.
UPDATE totp_seeds SET last_step = $2 WHERE user_id = $1 AND last_step < $2
