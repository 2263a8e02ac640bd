INSERT INTO outbox (event_id, kind, subject, payload, traceparent, occurred_at)
SELECT event_id, kind, subject, payload, $5, $6
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[]) WITH ORDINALITY AS e (event_id, kind, subject, payload, place)
ORDER BY place
