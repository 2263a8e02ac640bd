SELECT action, target_id
FROM audit
WHERE actor_id = $1 AND request_id = $2 AND occurred_at > $3 AND outcome = 'done' AND target_kind = 'person'
LIMIT 100
