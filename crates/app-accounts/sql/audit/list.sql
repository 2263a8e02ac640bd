SELECT id, occurred_at, actor_id, actor_name, action, outcome, target_kind, target_id, target_name, changes, request_id,
       address, through
FROM audit
WHERE ($1::text IS NULL OR target_kind = $1)
  AND ($2::text IS NULL OR outcome = $2)
  AND ($3::timestamptz IS NULL OR occurred_at >= $3)
  AND ($4::uuid IS NULL OR actor_id = $4 OR target_id = $4)
  AND ($5::text IS NULL OR actor_name ILIKE $5 OR target_name ILIKE $5 OR action ILIKE $5 OR request_id ILIKE $5
       OR address ILIKE $5)
  AND ($6::timestamptz IS NULL OR occurred_at < $6 OR (occurred_at = $6 AND id > $7::uuid))
ORDER BY occurred_at DESC, id
LIMIT $8 OFFSET $9
