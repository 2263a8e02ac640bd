-- Values of people who have none yet.
INSERT INTO custom_values (person_id, field_id, value)
SELECT person_id, field_id, value
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS v (person_id, field_id, value)
