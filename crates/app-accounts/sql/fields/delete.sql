DELETE FROM custom_fields
WHERE id = $1
