SELECT id, name, url, events, off_reason, failing_since, delivered_at, version, created_at
FROM webhooks
WHERE id = $1
FOR NO KEY UPDATE
