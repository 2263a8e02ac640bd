-- The account they asked for before they had one.
SELECT jsonb_build_object('email', email, 'display_name', display_name, 'note', note, 'locale', locale, 'state', state,
                          'created_at', created_at, 'proven_at', proven_at, 'decided_at', decided_at,
                          'reason', reason) AS record
FROM account_requests
WHERE id = $1
LIMIT $2
