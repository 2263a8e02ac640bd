SELECT p.id
FROM life_cycles l
JOIN people p ON p.id = l.person_id
WHERE p.life_state = 'expired' AND l.expired_at <= $1 AND p.id > $2
ORDER BY p.id
LIMIT $3
