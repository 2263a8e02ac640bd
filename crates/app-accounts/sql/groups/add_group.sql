INSERT INTO group_groups (group_id, member_id, added_at)
VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT group_groups_pk DO NOTHING
