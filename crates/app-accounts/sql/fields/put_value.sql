INSERT INTO custom_values (person_id, field_id, value)
VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT custom_values_pk DO UPDATE SET value = EXCLUDED.value
