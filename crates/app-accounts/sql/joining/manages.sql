-- Whether a person manages a group, by themselves or through a group they are in, as of $3.
WITH RECURSIVE belongs (group_id) AS (
    SELECT group_id FROM group_people
    WHERE person_id = $2 AND (ends_at IS NULL OR ends_at > $3)
    UNION
    SELECT gg.group_id FROM belongs b JOIN group_groups gg ON gg.member_id = b.group_id
    WHERE gg.ends_at IS NULL OR gg.ends_at > $3
)
SELECT EXISTS (SELECT FROM group_managing_people WHERE group_id = $1 AND person_id = $2)
    OR EXISTS (SELECT FROM group_managing_groups m JOIN belongs b ON b.group_id = m.manager_id WHERE m.group_id = $1)
       AS manages
