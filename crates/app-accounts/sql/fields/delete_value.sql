DELETE FROM custom_values
WHERE person_id = $1 AND field_id = $2
