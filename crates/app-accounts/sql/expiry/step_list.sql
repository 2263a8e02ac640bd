SELECT s.person_id, p.display_name, s.action, s.reason, s.ends_on, s.at
FROM life_cycle_steps s
LEFT JOIN people p ON p.id = s.person_id
WHERE s.run_id = $1
ORDER BY s.at, s.person_id, s.action
LIMIT $2
