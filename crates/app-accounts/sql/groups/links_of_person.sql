-- What a person is in, and why: their own memberships (no member_id) and those of their groups, as of $2.
WITH RECURSIVE belongs (group_id) AS (
    SELECT group_id FROM group_people
    WHERE person_id = $1 AND (ends_at IS NULL OR ends_at > $2)
    UNION
    SELECT gg.group_id FROM belongs b JOIN group_groups gg ON gg.member_id = b.group_id
    WHERE gg.ends_at IS NULL OR gg.ends_at > $2
)
SELECT NULL::uuid AS member_id, g.id AS group_id, g.name, gp.ends_at, gp.by_rule
FROM group_people gp
JOIN groups g ON g.id = gp.group_id
WHERE gp.person_id = $1 AND (gp.ends_at IS NULL OR gp.ends_at > $2)
UNION ALL
SELECT gg.member_id, g.id, g.name, gg.ends_at, false
FROM belongs b
JOIN group_groups gg ON gg.member_id = b.group_id
JOIN groups g ON g.id = gg.group_id
WHERE gg.ends_at IS NULL OR gg.ends_at > $2
ORDER BY name, group_id
