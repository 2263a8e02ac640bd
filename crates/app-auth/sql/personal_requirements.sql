-- What is asked of the person beyond role and groups, and since when it counts.
SELECT jsonb_build_object('kind', kind, 'requirement', requirement, 'since', since, 'ended_at', ended_at) AS record
FROM (
    SELECT 'required' AS kind, requirement, required_at AS since, NULL::timestamptz AS ended_at
    FROM person_requirements WHERE user_id = $1
    UNION ALL
    SELECT 'grace', requirement, began_at, ended_at FROM factor_graces WHERE user_id = $1
    UNION ALL
    SELECT 'passkey_not_now', '', refused_at, NULL FROM passkey_refusals WHERE user_id = $1
) AS asked
ORDER BY since, kind
LIMIT $2
