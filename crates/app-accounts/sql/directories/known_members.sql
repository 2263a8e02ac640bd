-- Who is directly in groups that come from directory $1.
SELECT m.group_id, m.person_id AS id, false AS is_group
FROM group_people m
JOIN provisioned_groups x ON x.group_id = m.group_id AND x.client_id = $1
UNION ALL
SELECT m.group_id, m.member_id, true
FROM group_groups m
JOIN provisioned_groups x ON x.group_id = m.group_id AND x.client_id = $1
