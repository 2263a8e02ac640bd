-- Whatever acts for these people: their sessions, their keys, and the keys of what they answer for.
SELECT session_id, user_id, token_hash FROM sessions WHERE user_id = ANY ($1) AND ended_at IS NULL
UNION ALL
SELECT k.key_id, COALESCE(k.user_id, k.service_account_id), k.secret_hash
FROM api_keys AS k
LEFT JOIN service_accounts AS a ON a.service_account_id = k.service_account_id
WHERE k.revoked_at IS NULL
    AND (k.user_id = ANY ($1) OR k.service_account_id = ANY ($1) OR a.owner_id = ANY ($1))
