UPDATE custom_fields
SET label_en = $2, label_de = $3, choices = $4, visible_to = $5, edited_by = $6, position = $7, retired_at = $8
WHERE id = $1
