INSERT INTO groups (id, name, description, created_at, updated_at)
VALUES ($1, $2, $3, $4, $4)
ON CONFLICT ON CONSTRAINT groups_pk DO NOTHING
