-- Whose account ends until a day, soonest first, and whether they were reminded of that end.
SELECT p.id, p.display_name, p.role, COALESCE(p.ends_on, l.ends_on) AS ends_on, p.ends_on IS NOT NULL AS is_own,
       (SELECT max(r.created_at) FROM expiry_reminders r
        WHERE r.person_id = p.id AND r.ends_on = COALESCE(p.ends_on, l.ends_on)) AS reminded_at,
       count(*) OVER () AS total
FROM people p
LEFT JOIN life_cycles l ON l.person_id = p.id
WHERE p.state <> 'disabled' AND COALESCE(p.ends_on, l.ends_on) <= $1
ORDER BY 4, p.id
LIMIT $2
