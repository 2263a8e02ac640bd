INSERT INTO custom_fields (id, name, label_en, label_de, kind, choices, visible_to, edited_by, position, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
