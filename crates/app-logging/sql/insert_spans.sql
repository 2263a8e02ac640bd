INSERT INTO spans (started_at, duration_us, service, name, kind, failed, trace_id, span_id, parent_span_id, attributes)
SELECT *
FROM unnest($1::timestamptz[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::text[], $8::text[],
            $9::text[], $10::jsonb[])
