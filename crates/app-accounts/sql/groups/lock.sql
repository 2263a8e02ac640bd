-- Kept from others until the transaction ends. Nothing is counted.
SELECT id, name, description, joining, version, 0::bigint AS people, false AS more, 0::bigint AS groups
FROM groups
WHERE id = $1
FOR NO KEY UPDATE
