-- Entries of one deed on several things: what differs is in the arrays.
INSERT INTO audit (id, occurred_at, actor_id, actor_name, action, outcome, target_kind, target_id, target_name, changes,
                   request_id, address, through)
SELECT id, $2, $3, $4, $5, $6, $7, target_id, target_name, changes, $11, $12, $13
FROM unnest($1::uuid[], $8::uuid[], $9::text[], $10::jsonb[]) AS e (id, target_id, target_name, changes)
