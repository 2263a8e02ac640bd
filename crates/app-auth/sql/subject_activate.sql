UPDATE subjects SET state = 'active', changed_at = $2
WHERE user_id = $1 AND state = 'invited'
