-- Some of the memberships whose end has passed; rows that somebody else works on are stepped over.
WITH ended AS (
    SELECT group_id, member_id FROM group_groups
    WHERE ends_at <= $1
    ORDER BY ends_at
    LIMIT $2
    FOR UPDATE SKIP LOCKED
)
DELETE FROM group_groups gg
USING ended e
JOIN groups g ON g.id = e.group_id
JOIN groups m ON m.id = e.member_id
WHERE gg.group_id = e.group_id AND gg.member_id = e.member_id
RETURNING g.id AS group_id, g.name AS group_name, m.id AS member_id, m.name AS member_name, gg.ends_at
