-- Rows of an outcome; of all when none is named.
SELECT line, outcome, person_id, username, email, name, problems
FROM import_rows
WHERE import_id = $1 AND ($2::text IS NULL OR outcome = $2)
ORDER BY line
LIMIT $3 OFFSET $4
