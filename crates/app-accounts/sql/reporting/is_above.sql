-- Whether $1 is $2, or among those above $2.
WITH RECURSIVE above (id) AS (
    SELECT $2::uuid
    UNION
    SELECT p.manager_id FROM above a JOIN people p ON p.id = a.id WHERE p.manager_id IS NOT NULL
)
SELECT EXISTS (SELECT FROM above WHERE id = $1) AS is_above
