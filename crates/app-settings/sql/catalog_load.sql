SELECT
    revision.version AS catalog_version,
    apps.app,
    apps.name,
    apps.icon,
    apps.version AS app_version,
    declarations.declaration,
    stored_values.value,
    stored_values.envelope,
    stored_values.revision,
    stored_values.changed_at,
    stored_values.changed_by_name
FROM revision
LEFT JOIN apps ON true
LEFT JOIN declarations ON declarations.app = apps.app
LEFT JOIN stored_values
    ON stored_values.app = declarations.app AND stored_values.key = declarations.key
ORDER BY apps.app, declarations.position
