INSERT INTO people_filters (id, owner_id, name, query, shared, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
