SELECT count(*) AS people
FROM people p
LEFT JOIN last_seen l ON l.person_id = p.id
WHERE p.life_state = 'active' AND COALESCE(l.seen_at, p.created_at) <= $1
