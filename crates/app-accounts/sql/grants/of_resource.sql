-- The grants of a thing as of $4: everybody first, then groups, people and service accounts by name.
SELECT g.grantee_kind, g.grantee_id, g.level, g.ends_at, g.granted_at,
       coalesce(p.display_name, gr.name, '') AS name, coalesce(b.display_name, '') AS granted_by
FROM grants g
LEFT JOIN people p ON p.id = g.person_id
LEFT JOIN groups gr ON gr.id = g.group_id
LEFT JOIN people b ON b.id = g.granted_by
WHERE g.app_id = $1 AND g.resource_kind = $2 AND g.resource_id = $3
  AND (g.ends_at IS NULL OR g.ends_at > $4)
ORDER BY array_position(ARRAY['public', 'signed-in', 'group', 'person', 'service'], g.grantee_kind),
         lower(coalesce(p.display_name, gr.name, '')), g.grantee_id
