SELECT g.id, g.name, g.description, 0::bigint AS people, 0::bigint AS groups
FROM group_groups gg
JOIN groups g ON g.id = gg.member_id
WHERE gg.group_id = $1
ORDER BY lower(g.name), g.id
