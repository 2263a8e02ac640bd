INSERT INTO group_managing_groups (group_id, manager_id, added_at)
VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT group_managing_groups_pk DO NOTHING
