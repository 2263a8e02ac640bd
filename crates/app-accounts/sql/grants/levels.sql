-- What is granted of some things ($1 app, $2 kind, $3 ids) as of $6, as any of $4 (kinds) with $5 (ids).
SELECT DISTINCT g.resource_id, g.level
FROM grants g
JOIN unnest($4::text[], $5::uuid[]) AS w (kind, id) ON g.grantee_kind = w.kind AND g.grantee_id = w.id
WHERE g.app_id = $1 AND g.resource_kind = $2 AND g.resource_id = ANY ($3)
  AND (g.ends_at IS NULL OR g.ends_at > $6)
