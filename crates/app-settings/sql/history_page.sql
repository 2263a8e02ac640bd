SELECT id, key, action, secret, old_value, new_value, changed_at, changed_by_name
FROM history
WHERE app = $1 AND ($2::text IS NULL OR key = $2) AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC
LIMIT $4
