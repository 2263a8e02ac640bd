-- Those a person answers for, by name; nobody in the trash.
SELECT g.id, g.username, g.display_name, g.life_state, g.ends_on
FROM sponsorships m
JOIN people g ON g.id = m.guest_id
WHERE m.sponsor_id = $1 AND g.role = 'guest' AND g.life_state <> 'deleted'
ORDER BY lower(g.display_name), g.id
LIMIT $2
