-- For guests who were just added, those alone whose sponsors still can answer for them. Who answers, by name.
WITH put AS (
    INSERT INTO sponsorships (guest_id, sponsor_id, since)
    SELECT n.guest_id, s.id, $3
    FROM unnest($1::uuid[], $2::uuid[]) AS n (guest_id, sponsor_id)
    JOIN people s ON s.id = n.sponsor_id AND s.life_state = 'active' AND s.role <> 'guest'
    RETURNING guest_id, sponsor_id
)
SELECT p.guest_id, g.display_name AS guest_name, p.sponsor_id, s.display_name AS sponsor_name
FROM put p
JOIN people g ON g.id = p.guest_id
JOIN people s ON s.id = p.sponsor_id
