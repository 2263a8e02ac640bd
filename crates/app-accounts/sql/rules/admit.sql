-- A row whose end has passed is nobody's membership any more: it is begun anew.
INSERT INTO group_people AS known (group_id, person_id, added_at, by_rule)
SELECT group_id, person_id, $3, true FROM unnest($1::uuid[], $2::uuid[]) AS m (group_id, person_id)
ON CONFLICT ON CONSTRAINT group_people_pk
DO UPDATE SET added_at = excluded.added_at, ends_at = NULL, by_rule = true
WHERE known.ends_at <= excluded.added_at
