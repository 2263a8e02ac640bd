DELETE FROM group_people gp
USING unnest($1::uuid[], $2::uuid[]) AS m (group_id, person_id)
WHERE gp.group_id = m.group_id AND gp.person_id = m.person_id AND gp.by_rule
