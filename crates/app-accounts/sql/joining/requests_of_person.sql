-- What became of a person's requests, newest first.
SELECT r.id, r.group_id, r.person_id, r.note, r.state, r.reason, r.created_at, g.name AS group_name, p.display_name AS person_name
FROM group_requests r
JOIN groups g ON g.id = r.group_id
JOIN people p ON p.id = r.person_id
WHERE r.person_id = $1
ORDER BY r.created_at DESC, r.id
LIMIT $2
