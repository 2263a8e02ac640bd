-- Groups that a person ($1) may find as of $2: those they are in; if they look further ($5), also those they manage and
-- those that people come into by themselves; or all ($6). By name, which holds $3, or is it ($4). At most $7.
WITH RECURSIVE belongs (group_id) AS (
    SELECT group_id FROM group_people
    WHERE person_id = $1 AND (ends_at IS NULL OR ends_at > $2)
    UNION
    SELECT gg.group_id FROM belongs b JOIN group_groups gg ON gg.member_id = b.group_id
    WHERE gg.ends_at IS NULL OR gg.ends_at > $2
), managed (group_id) AS (
    SELECT group_id FROM group_managing_people WHERE person_id = $1
    UNION
    SELECT m.group_id FROM group_managing_groups m JOIN belongs b ON b.group_id = m.manager_id
)
SELECT g.id, g.name
FROM groups g
WHERE CASE WHEN $4 THEN lower(g.name) = lower($3) ELSE strpos(lower(g.name), lower($3)) > 0 END
  AND ($6 OR g.id IN (SELECT group_id FROM belongs)
       OR $5 AND (g.joining <> 'closed' OR g.id IN (SELECT group_id FROM managed)))
ORDER BY lower(g.name), g.id
LIMIT $7
