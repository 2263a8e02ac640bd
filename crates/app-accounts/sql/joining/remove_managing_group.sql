DELETE FROM group_managing_groups
WHERE group_id = $1 AND manager_id = $2
