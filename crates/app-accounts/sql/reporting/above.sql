-- The active people above $1, the highest of them first, at most $2.
WITH RECURSIVE above (id, steps) AS (
    SELECT manager_id, 1 FROM people WHERE id = $1 AND manager_id IS NOT NULL
    UNION ALL
    SELECT p.manager_id, a.steps + 1
    FROM above a
    JOIN people p ON p.id = a.id
    WHERE p.manager_id IS NOT NULL AND a.steps < $2::int
)
SELECT p.id, p.display_name, p.title, v.updated_at AS avatar_at, p.manager_id, 0::bigint AS reports, 0::bigint AS total
FROM above a
JOIN people p ON p.id = a.id
LEFT JOIN avatars v ON v.person_id = p.id
WHERE p.state = 'active'
ORDER BY a.steps DESC
