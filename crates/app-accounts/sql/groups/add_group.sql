-- A row whose end has passed is no membership any more: it is begun anew.
INSERT INTO group_groups AS known (group_id, member_id, added_at, ends_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT ON CONSTRAINT group_groups_pk
DO UPDATE SET added_at = excluded.added_at, ends_at = excluded.ends_at
WHERE known.ends_at <= excluded.added_at
