-- Everybody whose effective groups change when this group does.
WITH RECURSIVE inside (member_id) AS (
    SELECT $1::uuid
    UNION
    SELECT gg.member_id FROM inside i JOIN group_groups gg ON gg.group_id = i.member_id
)
SELECT DISTINCT gp.person_id
FROM inside i
JOIN group_people gp ON gp.group_id = i.member_id
