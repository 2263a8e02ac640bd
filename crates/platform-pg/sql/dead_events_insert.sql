INSERT INTO dead_events (entry_id, event_id, kind, source, subject, payload, occurred_at, attempts, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (entry_id) DO NOTHING
