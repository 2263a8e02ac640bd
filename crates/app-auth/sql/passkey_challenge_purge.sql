-- A few at a time, by whoever makes a new one: so that the table is never longer than what was asked for lately.
DELETE FROM passkey_challenges WHERE token_hash IN (
    SELECT token_hash FROM passkey_challenges WHERE expires_at <= $1 ORDER BY expires_at LIMIT 20
    FOR UPDATE SKIP LOCKED
)
