-- Active people who may decide on requests for a group: its managers, else all administrators.
WITH RECURSIVE inside (group_id) AS (
    SELECT manager_id FROM group_managing_groups WHERE group_id = $1
    UNION
    SELECT gg.member_id FROM inside i JOIN group_groups gg ON gg.group_id = i.group_id
    WHERE gg.ends_at IS NULL OR gg.ends_at > $2
), managers AS (
    SELECT person_id AS id FROM group_managing_people WHERE group_id = $1
    UNION
    SELECT gp.person_id FROM inside i JOIN group_people gp ON gp.group_id = i.group_id
    WHERE gp.ends_at IS NULL OR gp.ends_at > $2
), asked AS (
    SELECT p.id FROM people p JOIN managers m ON m.id = p.id WHERE p.state = 'active' AND p.role <> 'guest'
)
SELECT id FROM asked
UNION ALL
SELECT id FROM people
WHERE role = 'admin' AND state = 'active' AND NOT EXISTS (SELECT FROM asked)
LIMIT 100
