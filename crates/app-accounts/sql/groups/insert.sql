INSERT INTO groups (id, name, description, joining, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT ON CONSTRAINT groups_pk DO NOTHING
