SELECT position, event_id, kind, subject, payload, traceparent, occurred_at
FROM outbox
WHERE sent_at IS NULL
ORDER BY position
LIMIT $1
