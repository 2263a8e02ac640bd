-- One page of the groups whose names hold what was typed; people are counted for these alone.
WITH RECURSIVE page AS (
    SELECT id, name, description, joining, version, count(*) OVER () AS total
    FROM groups
    WHERE strpos(lower(name), lower($1)) > 0
    ORDER BY lower(name), id
    LIMIT $2 OFFSET $3
), inside (group_id, member_id) AS (
    SELECT id, id FROM page
    UNION
    SELECT i.group_id, gg.member_id FROM inside i JOIN group_groups gg ON gg.group_id = i.member_id
    WHERE gg.ends_at IS NULL OR gg.ends_at > $4
), counted AS (
    SELECT i.group_id, count(DISTINCT gp.person_id) AS people
    FROM inside i JOIN group_people gp ON gp.group_id = i.member_id
    WHERE gp.ends_at IS NULL OR gp.ends_at > $4
    GROUP BY i.group_id
)
SELECT g.id, g.name, g.description, g.joining, g.version, g.total,
       coalesce(c.people, 0) AS people,
       (SELECT count(*) FROM group_groups gg
        WHERE gg.group_id = g.id AND (gg.ends_at IS NULL OR gg.ends_at > $4)) AS groups
FROM page g
LEFT JOIN counted c ON c.group_id = g.id
ORDER BY lower(g.name), g.id
