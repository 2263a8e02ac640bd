-- Whose kind has no end, or who has one of their own.
UPDATE life_cycles l
SET ends_on = NULL
FROM people p
WHERE p.id = l.person_id AND l.ends_on IS NOT NULL AND (p.ends_on IS NOT NULL OR p.role <> ALL ($1))
