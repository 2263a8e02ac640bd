DELETE FROM inbox
WHERE dismissed_at < $1
   OR created_at < $2
