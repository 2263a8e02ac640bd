SELECT id, email, display_name, note, locale, state, created_at, reason
FROM account_requests
WHERE state = 'open'
ORDER BY proven_at, id
LIMIT $1
