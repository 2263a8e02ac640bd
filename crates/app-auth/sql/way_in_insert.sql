-- Unless the person got another one after $7. A repetition finds its own row and changes nothing.
INSERT INTO ways_in (way_in_id, token_hash, user_id, login, created_at, expires_at)
SELECT $1, $2, $3, $4, $5, $6
WHERE NOT EXISTS (SELECT 1 FROM ways_in WHERE user_id = $3 AND way_in_id <> $1 AND created_at > $7)
ON CONFLICT ON CONSTRAINT ways_in_pkey DO UPDATE SET way_in_id = EXCLUDED.way_in_id
