SELECT ends_at
FROM group_people
WHERE group_id = $1 AND person_id = $2 AND (ends_at IS NULL OR ends_at > $3)
