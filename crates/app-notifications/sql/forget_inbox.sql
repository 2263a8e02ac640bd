DELETE FROM inbox
WHERE person_id = $1
