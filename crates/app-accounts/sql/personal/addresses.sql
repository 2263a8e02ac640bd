SELECT jsonb_build_object('address', address, 'verified_at', verified_at, 'created_at', created_at,
                          'asked_for', false) AS record
FROM mail_addresses
WHERE person_id = $1
UNION ALL
SELECT jsonb_build_object('address', address, 'verified_at', NULL, 'created_at', created_at, 'asked_for', true)
FROM address_claims
WHERE person_id = $1
LIMIT $2
