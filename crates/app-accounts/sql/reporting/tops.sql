-- Active people to whom others report, and who report to nobody that is there.
SELECT p.id, p.display_name, p.title, a.updated_at AS avatar_at, p.manager_id,
       (SELECT count(*) FROM people r WHERE r.manager_id = p.id AND r.state = 'active') AS reports,
       count(*) OVER () AS total
FROM people p
LEFT JOIN avatars a ON a.person_id = p.id
WHERE p.state = 'active'
  AND p.id IN (SELECT r.manager_id FROM people r WHERE r.manager_id IS NOT NULL AND r.state = 'active')
  AND NOT EXISTS (SELECT FROM people m WHERE m.id = p.manager_id AND m.state = 'active')
ORDER BY lower(p.display_name), p.id
LIMIT $1 OFFSET $2
