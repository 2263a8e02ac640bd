-- That there is something to sign in with, and since when; never the thing itself.
SELECT jsonb_build_object('kind', kind, 'name', name, 'since', since, 'last_used_at', last_used_at) AS record
FROM (
    SELECT 'password' AS kind, '' AS name, changed_at AS since, NULL::timestamptz AS last_used_at
    FROM passwords WHERE user_id = $1
    UNION ALL
    SELECT 'one_time_passwords', '', created_at, NULL FROM totp_seeds WHERE user_id = $1
    UNION ALL
    SELECT 'passkey', name, created_at, last_used_at FROM passkeys WHERE user_id = $1
    UNION ALL
    SELECT 'recovery_code', '', created_at, used_at FROM recovery_codes WHERE user_id = $1
    UNION ALL
    SELECT 'break_glass_code', '', created_at, used_at FROM break_glass_codes WHERE user_id = $1
) AS factors
ORDER BY since, kind
LIMIT $2
