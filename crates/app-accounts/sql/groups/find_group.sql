SELECT ends_at
FROM group_groups
WHERE group_id = $1 AND member_id = $2 AND (ends_at IS NULL OR ends_at > $3)
