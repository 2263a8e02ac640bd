INSERT INTO stored_values (app, key, value, envelope, revision, changed_at, changed_by, changed_by_name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT ON CONSTRAINT stored_values_pkey DO UPDATE
SET value = excluded.value,
    envelope = excluded.envelope,
    revision = excluded.revision,
    changed_at = excluded.changed_at,
    changed_by = excluded.changed_by,
    changed_by_name = excluded.changed_by_name
