-- Active people to whom others report, and who report to nobody that is there: they have no manager, or one who left.
-- Neither reads everybody: whoever leads an organisation is one of few without a manager, and few have left.
WITH top AS (
    SELECT p.id, p.display_name, p.title, p.manager_id
    FROM people p
    WHERE p.manager_id IS NULL AND p.state = 'active'
      AND EXISTS (SELECT FROM people r WHERE r.manager_id = p.id AND r.state = 'active')
    UNION ALL
    SELECT p.id, p.display_name, p.title, p.manager_id
    FROM people above
    JOIN people p ON p.manager_id = above.id
    WHERE above.life_state IN ('invited', 'suspended', 'expired', 'deleted') AND p.state = 'active'
      AND EXISTS (SELECT FROM people r WHERE r.manager_id = p.id AND r.state = 'active')
), page AS (
    SELECT t.*, count(*) OVER () AS total
    FROM top t
    ORDER BY lower(t.display_name), t.id
    LIMIT $1 OFFSET $2
)
SELECT t.id, t.display_name, t.title, a.updated_at AS avatar_at, t.manager_id,
       (SELECT count(*) FROM people r WHERE r.manager_id = t.id AND r.state = 'active') AS reports, t.total
FROM page t
LEFT JOIN avatars a ON a.person_id = t.id
ORDER BY lower(t.display_name), t.id
