SELECT count(*), min(occurred_at) FROM outbox WHERE sent_at IS NULL
