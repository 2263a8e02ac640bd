-- A row whose end has passed is nobody's membership any more: it is begun anew.
INSERT INTO group_people AS known (group_id, person_id, added_at, ends_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT ON CONSTRAINT group_people_pk
DO UPDATE SET added_at = excluded.added_at, ends_at = excluded.ends_at
WHERE known.ends_at <= excluded.added_at
