SELECT id, name, label_en, label_de, kind, choices, visible_to, edited_by, position, retired_at
FROM custom_fields
ORDER BY retired_at NULLS FIRST, position, name
