WITH RECURSIVE inside (group_id, member_id) AS (
    SELECT id, id FROM groups
    UNION
    SELECT i.group_id, gg.member_id FROM inside i JOIN group_groups gg ON gg.group_id = i.member_id
)
SELECT g.id, g.name, g.description,
       (SELECT count(DISTINCT gp.person_id)
        FROM inside i JOIN group_people gp ON gp.group_id = i.member_id
        WHERE i.group_id = g.id) AS people,
       (SELECT count(*) FROM group_groups gg WHERE gg.group_id = g.id) AS groups
FROM groups g
ORDER BY lower(g.name), g.id
LIMIT $1
