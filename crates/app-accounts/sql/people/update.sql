UPDATE people
SET username = $2, email = $3, display_name = $4, title = $5, department = $6, phone = $7, role = $8, state = $9,
    locked_by = $10, ends_on = $11, trashed_at = $12, restores_to = $13, locale = $14, zone = $15, theme = $16,
    updated_at = $17, version = version + 1
WHERE id = $1
RETURNING version
