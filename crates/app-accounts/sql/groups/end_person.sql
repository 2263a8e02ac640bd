UPDATE group_people gp
SET ends_at = $3
FROM (
    SELECT ends_at FROM group_people
    WHERE group_id = $1 AND person_id = $2 AND NOT by_rule AND (ends_at IS NULL OR ends_at > $4)
    FOR UPDATE
) before
WHERE gp.group_id = $1 AND gp.person_id = $2
RETURNING before.ends_at
