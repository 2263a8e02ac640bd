-- Always in the same order: two changes that concern the same people wait for each other instead of dying.
WITH locked AS (
    SELECT id FROM people WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE
)
UPDATE people p
SET updated_at = $2, version = p.version + 1
FROM locked
WHERE p.id = locked.id
