SELECT id, email, display_name, note, locale, state, created_at, reason
FROM account_requests
WHERE token_hash = $1 AND state = 'unproven' AND expires_at > $2
