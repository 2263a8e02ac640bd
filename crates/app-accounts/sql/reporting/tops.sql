-- Active people to whom others report, and who report to nobody that is there. Whoever leads is read off the index of
-- managers, one step from each to the next, instead of from everybody.
WITH RECURSIVE managers (id) AS (
    (SELECT manager_id FROM people WHERE manager_id IS NOT NULL ORDER BY manager_id LIMIT 1)
    UNION ALL
    SELECT (SELECT p.manager_id FROM people p WHERE p.manager_id > m.id ORDER BY p.manager_id LIMIT 1)
    FROM managers m
    WHERE m.id IS NOT NULL
), top AS MATERIALIZED (
    SELECT p.id, p.display_name, p.title, p.manager_id
    FROM managers m
    JOIN people p ON p.id = m.id
    WHERE p.state = 'active'
      AND NOT EXISTS (SELECT FROM people above WHERE above.id = p.manager_id AND above.state = 'active')
), counted AS (
    SELECT t.*, (SELECT count(*) FROM people r WHERE r.manager_id = t.id AND r.state = 'active') AS reports
    FROM top t
)
SELECT c.id, c.display_name, c.title, a.updated_at AS avatar_at, c.manager_id, c.reports, count(*) OVER () AS total
FROM counted c
LEFT JOIN avatars a ON a.person_id = c.id
WHERE c.reports > 0
ORDER BY lower(c.display_name), c.id
LIMIT $1 OFFSET $2
