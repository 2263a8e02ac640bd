INSERT INTO import_rows (import_id, line, outcome, person_id, username, email, name, problems)
SELECT $1, line, outcome, person_id, username, email, name, problems
FROM unnest($2::integer[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::jsonb[])
    AS r (line, outcome, person_id, username, email, name, problems)
