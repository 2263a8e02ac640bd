SELECT v.person_id, v.field_id, v.value
FROM custom_values v
WHERE v.person_id = ANY ($1)
