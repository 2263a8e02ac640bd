SELECT count(*) AS guests
FROM people g
LEFT JOIN sponsorships m ON m.guest_id = g.id
LEFT JOIN people s ON s.id = m.sponsor_id
WHERE g.role = 'guest' AND g.life_state <> 'deleted' AND (s.id IS NULL OR s.state <> 'active' OR s.role = 'guest')
