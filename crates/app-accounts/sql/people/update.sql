UPDATE people
SET username = $2, email = $3, display_name = $4, given_name = $5, family_name = $6, title = $7, department = $8,
    phone = $9, role = $10, state = $11, locked_by = $12, ends_on = $13, trashed_at = $14, restores_to = $15,
    locale = $16, zone = $17, theme = $18, manager_id = $19, updated_at = $20, version = version + 1
WHERE id = $1
RETURNING version
