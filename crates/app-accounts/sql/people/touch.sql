UPDATE people
SET updated_at = $2, version = version + 1
WHERE id = ANY ($1)
