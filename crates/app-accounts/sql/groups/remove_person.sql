DELETE FROM group_people
WHERE group_id = $1 AND person_id = $2 AND NOT by_rule
RETURNING ends_at
