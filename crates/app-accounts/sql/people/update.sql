UPDATE people
SET username = $2, email = $3, display_name = $4, title = $5, department = $6, phone = $7, role = $8, state = $9,
    locale = $10, zone = $11, theme = $12, updated_at = $13, version = version + 1
WHERE id = $1
RETURNING version
