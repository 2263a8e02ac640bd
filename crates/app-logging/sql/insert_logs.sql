INSERT INTO logs (logged_at, service, severity, scope, body, trace_id, span_id, attributes)
SELECT *
FROM unnest($1::timestamptz[], $2::text[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[])
