UPDATE groups
SET name = $2, description = $3, joining = $4, updated_at = $5, version = version + 1
WHERE id = $1
