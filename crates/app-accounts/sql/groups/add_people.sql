-- Several people into several groups: a row for each membership. A row whose end has passed is nobody's membership.
INSERT INTO group_people AS known (group_id, person_id, added_at, ends_at)
SELECT group_id, person_id, $3, $4 FROM unnest($1::uuid[], $2::uuid[]) AS m (group_id, person_id)
ON CONFLICT ON CONSTRAINT group_people_pk
DO UPDATE SET added_at = excluded.added_at, ends_at = excluded.ends_at, by_rule = false
WHERE known.ends_at <= excluded.added_at OR known.by_rule
