SELECT id, email, display_name, note, locale, state, created_at, reason
FROM account_requests
WHERE id = $1 AND state = 'open'
FOR UPDATE
