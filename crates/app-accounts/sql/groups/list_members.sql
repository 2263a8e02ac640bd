SELECT g.id, g.name, gg.ends_at
FROM group_groups gg
JOIN groups g ON g.id = gg.member_id
WHERE gg.group_id = $1 AND (gg.ends_at IS NULL OR gg.ends_at > $2)
ORDER BY lower(g.name), g.id
LIMIT $3
