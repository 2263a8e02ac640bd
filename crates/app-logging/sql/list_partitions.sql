SELECT child.relname AS name
FROM pg_inherits i
JOIN pg_class child ON child.oid = i.inhrelid
WHERE i.inhparent = $1::text::regclass
ORDER BY child.relname
