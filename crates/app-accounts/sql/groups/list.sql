-- One page of the groups whose names hold what was typed. People are counted for these alone, and not beyond $5
-- memberships: a group of groups of everybody is not read through for one number in a list.
WITH page AS (
    SELECT id, name, description, joining, version, count(*) OVER () AS total
    FROM groups
    WHERE strpos(lower(name), lower($1)) > 0
    ORDER BY lower(name), id
    LIMIT $2 OFFSET $3
)
SELECT g.id, g.name, g.description, g.joining, g.version, g.total, c.people, c.memberships > $5::bigint AS more,
       (SELECT count(*) FROM group_groups gg
        WHERE gg.group_id = g.id AND (gg.ends_at IS NULL OR gg.ends_at > $4)) AS groups
FROM page g
CROSS JOIN LATERAL (
    WITH RECURSIVE inside (group_id) AS (
        SELECT g.id
        UNION
        SELECT gg.member_id FROM inside i JOIN group_groups gg ON gg.group_id = i.group_id
        WHERE gg.ends_at IS NULL OR gg.ends_at > $4
    ), counted AS (
        SELECT gp.person_id
        FROM inside i JOIN group_people gp ON gp.group_id = i.group_id
        WHERE gp.ends_at IS NULL OR gp.ends_at > $4
        LIMIT $5::bigint + 1
    )
    SELECT least(count(DISTINCT person_id), $5::bigint) AS people, count(*) AS memberships FROM counted
) AS c
ORDER BY lower(g.name), g.id
