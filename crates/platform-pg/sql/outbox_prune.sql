-- Sent events are kept for as long as they may have to be sent again, and a while longer.
DELETE FROM outbox
WHERE position IN (
    SELECT position FROM outbox WHERE sent_at < now() - interval '48 hours' ORDER BY sent_at LIMIT $1
)
