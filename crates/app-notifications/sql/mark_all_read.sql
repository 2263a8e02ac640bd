UPDATE inbox
SET read_at = $2
WHERE person_id = $1
  AND read_at IS NULL
  AND dismissed_at IS NULL
