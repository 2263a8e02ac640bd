UPDATE group_groups gg
SET ends_at = $3
FROM (
    SELECT ends_at FROM group_groups
    WHERE group_id = $1 AND member_id = $2 AND (ends_at IS NULL OR ends_at > $4)
    FOR UPDATE
) before
WHERE gg.group_id = $1 AND gg.member_id = $2
RETURNING before.ends_at
