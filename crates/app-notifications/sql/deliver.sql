INSERT INTO inbox (id, person_id, sender, idempotency_key, kind, title_en, title_de, body_en, body_de, path, created_at)
SELECT r.id, r.person_id, $3, $4, $5, $6, $7, $8, $9, $10, $11
FROM unnest($1::uuid[], $2::uuid[]) AS r (id, person_id)
ON CONFLICT ON CONSTRAINT inbox_once DO NOTHING
RETURNING person_id
