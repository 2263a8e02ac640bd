-- Whoever is taken out of the trash has the whole grace before them.
UPDATE life_cycles l
SET expired_at = $1
FROM people p
WHERE p.id = l.person_id AND l.expired_at IS NOT NULL AND p.life_state = 'deleted'
