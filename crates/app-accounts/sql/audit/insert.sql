INSERT INTO audit (id, occurred_at, actor_id, actor_name, action, outcome, target_kind, target_id, target_name, changes,
                   request_id, address, through)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
