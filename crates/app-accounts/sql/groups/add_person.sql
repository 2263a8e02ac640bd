-- A row whose end has passed is nobody's membership any more: it is begun anew. One that is there by a rule becomes one
-- that somebody gave.
INSERT INTO group_people AS known (group_id, person_id, added_at, ends_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT ON CONSTRAINT group_people_pk
DO UPDATE SET added_at = excluded.added_at, ends_at = excluded.ends_at, by_rule = false
WHERE known.ends_at <= excluded.added_at OR known.by_rule
