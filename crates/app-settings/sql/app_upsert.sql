INSERT INTO apps (app, name, icon, version, instance, instance_started_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT ON CONSTRAINT apps_pkey DO UPDATE
SET name = excluded.name,
    icon = excluded.icon,
    version = excluded.version,
    instance = excluded.instance,
    instance_started_at = excluded.instance_started_at
