-- One use at a time: the counter of a copied key must not pass beside that of the original.
SELECT credential FROM passkeys WHERE user_id = $1 ORDER BY passkey_id FOR UPDATE
