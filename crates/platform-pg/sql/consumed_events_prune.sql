-- Must outlast every way in which an event can come a second time: a stream that was emptied, a stalled consumer.
DELETE FROM consumed_events
WHERE event_id IN (
    SELECT event_id FROM consumed_events WHERE consumed_at < now() - interval '30 days' ORDER BY consumed_at LIMIT $1
)
