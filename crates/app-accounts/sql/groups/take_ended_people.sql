-- Some of the memberships whose end has passed; rows that somebody else works on are stepped over.
WITH ended AS (
    SELECT group_id, person_id FROM group_people
    WHERE ends_at <= $1
    ORDER BY ends_at
    LIMIT $2
    FOR UPDATE SKIP LOCKED
)
DELETE FROM group_people gp
USING ended e
JOIN groups g ON g.id = e.group_id
JOIN people p ON p.id = e.person_id
WHERE gp.group_id = e.group_id AND gp.person_id = e.person_id
RETURNING g.id AS group_id, g.name AS group_name, p.id AS member_id, p.display_name AS member_name, gp.ends_at
