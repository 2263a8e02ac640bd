UPDATE inbox
SET dismissed_at = $3
WHERE person_id = $1
  AND id = $2
