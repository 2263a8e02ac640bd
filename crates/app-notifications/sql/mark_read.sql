UPDATE inbox
SET read_at = $3
WHERE person_id = $1
  AND id = $2
  AND dismissed_at IS NULL
RETURNING path
