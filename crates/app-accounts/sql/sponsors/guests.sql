-- Guests and who answers for them; only those for whom nobody does ($2), found by $1. Nobody in the trash.
SELECT g.id, g.username, g.display_name, g.life_state, g.ends_on, s.id AS sponsor_id, s.username AS sponsor_username,
       s.display_name AS sponsor_name, s.life_state AS sponsor_state, s.role AS sponsor_role, count(*) OVER () AS total
FROM people g
LEFT JOIN sponsorships m ON m.guest_id = g.id
LEFT JOIN people s ON s.id = m.sponsor_id
WHERE g.role = 'guest'
  AND g.life_state <> 'deleted'
  AND ($1::text IS NULL OR g.search @@ to_tsquery('simple', $1))
  AND (NOT $2::bool OR s.id IS NULL OR s.state <> 'active' OR s.role = 'guest')
ORDER BY lower(g.display_name), g.id
LIMIT $3 OFFSET $4
