WITH RECURSIVE inside (member_id) AS (
    SELECT $1::uuid
    UNION
    SELECT gg.member_id FROM inside i JOIN group_groups gg ON gg.group_id = i.member_id
    WHERE gg.ends_at IS NULL OR gg.ends_at > $2
)
SELECT g.id, g.name, g.description, g.joining, g.version,
       (SELECT count(DISTINCT gp.person_id) FROM inside i JOIN group_people gp ON gp.group_id = i.member_id
        WHERE gp.ends_at IS NULL OR gp.ends_at > $2) AS people,
       false AS more,
       (SELECT count(*) FROM group_groups gg
        WHERE gg.group_id = g.id AND (gg.ends_at IS NULL OR gg.ends_at > $2)) AS groups
FROM groups g
WHERE g.id = $1
