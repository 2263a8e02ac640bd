INSERT INTO grants (app_id, resource_kind, resource_id, grantee_kind, person_id, group_id, service_id, level,
                    granted_by, granted_at, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, (SELECT id FROM people WHERE id = $9), $10, $11)
ON CONFLICT ON CONSTRAINT grants_pk DO UPDATE
SET level = excluded.level, granted_by = excluded.granted_by, granted_at = excluded.granted_at,
    ends_at = excluded.ends_at
