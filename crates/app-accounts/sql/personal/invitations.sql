-- The person's own invitation; of those they sent nothing but that they did.
SELECT jsonb_build_object('own', person_id = $1, 'message', CASE WHEN person_id = $1 THEN message END,
                          'lasts_days', lasts_days, 'state', state, 'created_at', created_at,
                          'expires_at', expires_at) AS record
FROM invitations
WHERE person_id = $1 OR invited_by = $1
ORDER BY created_at DESC
LIMIT $2
