WITH RECURSIVE inside (member_id) AS (
    SELECT $1::uuid
    UNION
    SELECT gg.member_id FROM inside i JOIN group_groups gg ON gg.group_id = i.member_id
)
SELECT g.id, g.name, g.description,
       (SELECT count(DISTINCT gp.person_id) FROM inside i JOIN group_people gp ON gp.group_id = i.member_id) AS people,
       (SELECT count(*) FROM group_groups gg WHERE gg.group_id = g.id) AS groups
FROM groups g
WHERE g.id = $1
