-- Who has access again after having expired begins anew.
UPDATE life_cycles l
SET expired_at = NULL, counted_from = $1, ends_on = NULL
FROM people p
WHERE p.id = l.person_id AND l.expired_at IS NOT NULL AND p.state <> 'disabled'
