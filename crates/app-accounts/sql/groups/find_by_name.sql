SELECT id, name, description, joining, version, 0::bigint AS people, false AS more, 0::bigint AS groups
FROM groups
WHERE lower(name) = lower($1)
