SELECT id, logged_at, service, severity, scope, body, trace_id, span_id, attributes
FROM logs
WHERE logged_at >= $1
  AND (logged_at, id) < ($2, $3)
  AND severity >= $4
  AND ($5::text IS NULL OR service = $5)
  AND ($6::text IS NULL OR body ILIKE $6)
  AND ($7::text IS NULL OR trace_id = $7)
ORDER BY logged_at DESC, id DESC
LIMIT $8
