INSERT INTO movement_marks (person_id, mark)
SELECT * FROM unnest($1::uuid[], $2::jsonb[])
ON CONFLICT (person_id) DO UPDATE SET mark = excluded.mark
