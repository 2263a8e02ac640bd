-- Effective groups: the ones a person is in directly, and all that those are in, as of $2.
WITH RECURSIVE belongs (person_id, group_id) AS (
    SELECT person_id, group_id FROM group_people
    WHERE person_id = ANY ($1) AND (ends_at IS NULL OR ends_at > $2)
    UNION
    SELECT b.person_id, gg.group_id FROM belongs b JOIN group_groups gg ON gg.member_id = b.group_id
    WHERE gg.ends_at IS NULL OR gg.ends_at > $2
)
SELECT b.person_id, g.id, g.name
FROM belongs b
JOIN groups g ON g.id = b.group_id
ORDER BY lower(g.name)
