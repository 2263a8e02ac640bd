SELECT s.id AS sponsor_id, s.username AS sponsor_username, s.display_name AS sponsor_name,
       s.life_state AS sponsor_state, s.role AS sponsor_role
FROM sponsorships m
JOIN people s ON s.id = m.sponsor_id
WHERE m.guest_id = $1
