-- The things of an app ($1) and kind ($2) that are granted to any of $3 (kinds) with $4 (ids) as of $5, at least at
-- level $6: those after $7 in the order of their ids, at most $8.
SELECT g.resource_id, max(g.level) AS level
FROM grants g
JOIN unnest($3::text[], $4::uuid[]) AS w (kind, id) ON g.grantee_kind = w.kind AND g.grantee_id = w.id
WHERE g.app_id = $1 AND g.resource_kind = $2 AND g.resource_id > $7
  AND (g.ends_at IS NULL OR g.ends_at > $5)
GROUP BY g.resource_id
HAVING max(g.level) >= $6
ORDER BY g.resource_id
LIMIT $8
