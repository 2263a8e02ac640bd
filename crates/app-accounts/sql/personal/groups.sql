-- Effective groups, and which of them the person is in by themselves.
WITH RECURSIVE belongs (group_id) AS (
    SELECT group_id FROM group_people WHERE person_id = $1 AND (ends_at IS NULL OR ends_at > now())
    UNION
    SELECT gg.group_id FROM belongs b JOIN group_groups gg ON gg.member_id = b.group_id
    WHERE gg.ends_at IS NULL OR gg.ends_at > now()
)
SELECT jsonb_build_object('id', g.id, 'name', g.name, 'direct', own.person_id IS NOT NULL,
                          'ends_at', own.ends_at) AS record
FROM belongs b
JOIN groups g ON g.id = b.group_id
LEFT JOIN group_people own ON own.group_id = g.id AND own.person_id = $1
ORDER BY lower(g.name)
LIMIT $2
