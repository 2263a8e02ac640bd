SELECT started_at, duration_us, service, name, kind, failed, trace_id, span_id, parent_span_id, attributes
FROM spans
WHERE parent_span_id = ''
  AND started_at >= $1
  AND started_at < $2
  AND ($3::text IS NULL OR service = $3)
  AND duration_us >= $4
  AND (NOT $5 OR failed)
ORDER BY started_at DESC
LIMIT $6
