INSERT INTO life_cycles (person_id, expired_at)
SELECT p.id, $1
FROM people p
LEFT JOIN life_cycles l ON l.person_id = p.id
WHERE p.life_state = 'expired' AND l.expired_at IS NULL
ON CONFLICT ON CONSTRAINT life_cycles_pk DO UPDATE SET expired_at = excluded.expired_at
