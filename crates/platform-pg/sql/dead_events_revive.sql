-- Pushes the next attempt away, so that an instance that dies in the middle leaves it for another.
UPDATE dead_events SET retry_at = now() + interval '5 minutes'
WHERE dead_event_id IN (
    SELECT dead_event_id FROM dead_events
    WHERE retry_at <= now()
    ORDER BY dead_event_id
    LIMIT 20
    FOR UPDATE SKIP LOCKED
)
RETURNING dead_event_id, event_id, kind, source, subject, payload, occurred_at, attempts
