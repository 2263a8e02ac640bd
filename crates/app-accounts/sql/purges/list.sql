SELECT p.person_id, p.purged_at,
       coalesce(array_agg(c.service) FILTER (WHERE c.service IS NOT NULL), '{}') AS services
FROM purges p
LEFT JOIN purge_confirmations c ON c.person_id = p.person_id
GROUP BY p.person_id
ORDER BY p.purged_at DESC
LIMIT $1
