INSERT INTO webhook_deliveries (id, webhook_id, event, body, state, created_at, next_at)
SELECT new.id, new.webhook_id, new.event, new.body, 'waiting', $5, $5
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS new (id, webhook_id, event, body)
