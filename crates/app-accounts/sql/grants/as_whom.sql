-- As whom somebody may do things as of $3: a person ($1), a service account ($2), or a visitor ($1 and $2 absent). A
-- person who is not active is nobody, and nil stands for nobody in particular.
WITH RECURSIVE someone (id) AS (
    SELECT id FROM people WHERE id = $1 AND life_state = 'active'
), belongs (group_id) AS (
    SELECT gp.group_id FROM someone s JOIN group_people gp ON gp.person_id = s.id
    WHERE gp.ends_at IS NULL OR gp.ends_at > $3
    UNION
    SELECT gg.group_id FROM belongs b JOIN group_groups gg ON gg.member_id = b.group_id
    WHERE gg.ends_at IS NULL OR gg.ends_at > $3
)
SELECT 'person' AS kind, id FROM someone
UNION ALL
SELECT 'group', group_id FROM belongs
UNION ALL
SELECT 'service', $2::uuid WHERE $2::uuid IS NOT NULL
UNION ALL
SELECT 'signed-in', '00000000-0000-0000-0000-000000000000'::uuid FROM someone
UNION ALL
SELECT 'public', '00000000-0000-0000-0000-000000000000'::uuid
WHERE $1::uuid IS NULL OR EXISTS (SELECT FROM someone)
