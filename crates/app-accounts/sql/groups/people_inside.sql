-- Everybody whose effective groups change when this group does, as of $2.
WITH RECURSIVE inside (member_id) AS (
    SELECT $1::uuid
    UNION
    SELECT gg.member_id FROM inside i JOIN group_groups gg ON gg.group_id = i.member_id
    WHERE gg.ends_at IS NULL OR gg.ends_at > $2
)
SELECT DISTINCT gp.person_id
FROM inside i
JOIN group_people gp ON gp.group_id = i.member_id
WHERE gp.ends_at IS NULL OR gp.ends_at > $2
