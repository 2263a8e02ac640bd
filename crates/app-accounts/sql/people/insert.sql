INSERT INTO people (id, username, email, display_name, role, state, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
ON CONFLICT ON CONSTRAINT people_pk DO NOTHING
