DELETE FROM group_groups
WHERE group_id = $1 AND member_id = $2
RETURNING ends_at
