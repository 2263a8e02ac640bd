-- Archives such as the one this is in.
SELECT jsonb_build_object('by_oneself', asked_by = $1, 'state', state, 'created_at', created_at) AS record
FROM archives
WHERE person_id = $1
ORDER BY created_at DESC
LIMIT $2
