SELECT dead_event_id, event_id, kind, source, attempts, reason, failed_at, retry_at IS NOT NULL
FROM dead_events
ORDER BY failed_at DESC, dead_event_id DESC
LIMIT $1
