-- To somebody without one who was not asked since a given time.
SELECT NOT EXISTS (SELECT FROM passkeys WHERE user_id = $1)
    AND NOT EXISTS (SELECT FROM passkey_refusals WHERE user_id = $1 AND refused_at > $2) AS worth
