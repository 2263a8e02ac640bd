DELETE FROM group_managing_people
WHERE group_id = $1 AND person_id = $2
