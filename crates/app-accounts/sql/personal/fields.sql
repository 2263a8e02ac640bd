-- All that is kept, fields for administrators and retired ones included.
SELECT jsonb_build_object('name', f.name, 'label_en', f.label_en, 'label_de', f.label_de, 'value', v.value) AS record
FROM custom_values v
JOIN custom_fields f ON f.id = v.field_id
WHERE v.person_id = $1
ORDER BY f.position, f.name
LIMIT $2
