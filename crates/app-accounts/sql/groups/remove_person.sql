DELETE FROM group_people
WHERE group_id = $1 AND person_id = $2
RETURNING ends_at
