SELECT r.id, r.group_id, r.person_id, r.note, r.state, r.reason, r.created_at, g.name AS group_name, p.display_name AS person_name
FROM group_requests r
JOIN groups g ON g.id = r.group_id
JOIN people p ON p.id = r.person_id
WHERE r.group_id = $1 AND r.state = 'open'
ORDER BY r.created_at, r.id
LIMIT $2
