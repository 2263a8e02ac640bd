-- Groups a person manages, by themselves or through a group they are in, as of $2, with their open requests.
WITH RECURSIVE belongs (group_id) AS (
    SELECT group_id FROM group_people
    WHERE person_id = $1 AND (ends_at IS NULL OR ends_at > $2)
    UNION
    SELECT gg.group_id FROM belongs b JOIN group_groups gg ON gg.member_id = b.group_id
    WHERE gg.ends_at IS NULL OR gg.ends_at > $2
), managed AS (
    SELECT group_id FROM group_managing_people WHERE person_id = $1
    UNION
    SELECT m.group_id FROM group_managing_groups m JOIN belongs b ON b.group_id = m.manager_id
)
SELECT g.id, g.name, g.description,
       (SELECT count(*) FROM group_requests r WHERE r.group_id = g.id AND r.state = 'open') AS requests
FROM managed m
JOIN groups g ON g.id = m.group_id
ORDER BY lower(g.name), g.id
LIMIT $3
