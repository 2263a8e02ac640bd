-- Active people who report to each of $1, at most $2 of each.
SELECT s.id, s.display_name, s.title, a.updated_at AS avatar_at, s.manager_id,
       (SELECT count(*) FROM people r WHERE r.manager_id = s.id AND r.state = 'active') AS reports,
       s.total
FROM unnest($1::uuid[]) AS m (id)
CROSS JOIN LATERAL (
    SELECT p.id, p.display_name, p.title, p.manager_id, count(*) OVER () AS total
    FROM people p
    WHERE p.manager_id = m.id AND p.state = 'active'
    ORDER BY lower(p.display_name), p.id
    LIMIT $2 OFFSET $3
) s
LEFT JOIN avatars a ON a.person_id = s.id
ORDER BY lower(s.display_name), s.id
