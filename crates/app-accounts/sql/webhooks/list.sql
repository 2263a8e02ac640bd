SELECT id, name, url, events, off_reason, failing_since, delivered_at, version, created_at
FROM webhooks
ORDER BY lower(name)
