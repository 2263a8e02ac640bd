SELECT group_id, member_id
FROM group_groups
