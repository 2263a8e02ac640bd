SELECT started_at, duration_us, service, name, kind, failed, trace_id, span_id, parent_span_id, attributes
FROM spans
WHERE trace_id = $1
ORDER BY started_at, span_id
LIMIT 1000
