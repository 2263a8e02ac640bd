INSERT INTO outbox (event_id, kind, subject, payload, traceparent, occurred_at)
VALUES ($1, $2, $3, $4, $5, $6)
