-- Who is directly in groups, nobody from the trash.
SELECT gp.group_id, p.id, p.display_name AS name, false AS is_group
FROM group_people gp JOIN people p ON p.id = gp.person_id
WHERE gp.group_id = ANY ($1) AND p.life_state <> 'deleted' AND (gp.ends_at IS NULL OR gp.ends_at > $2)
UNION ALL
SELECT gg.group_id, g.id, g.name, true
FROM group_groups gg JOIN groups g ON g.id = gg.member_id
WHERE gg.group_id = ANY ($1) AND (gg.ends_at IS NULL OR gg.ends_at > $2)
ORDER BY group_id, is_group, id
LIMIT $3
