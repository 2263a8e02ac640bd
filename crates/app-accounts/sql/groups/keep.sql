-- Groups that are there, kept from being deleted until the transaction ends.
SELECT id, name
FROM groups
WHERE id = ANY ($1)
ORDER BY id
FOR KEY SHARE
