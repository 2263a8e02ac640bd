SELECT jsonb_build_object('group', g.name, 'note', r.note, 'state', r.state, 'reason', r.reason,
                          'created_at', r.created_at, 'decided_at', r.decided_at) AS record
FROM group_requests r
JOIN groups g ON g.id = r.group_id
WHERE r.person_id = $1
ORDER BY r.created_at DESC
LIMIT $2
