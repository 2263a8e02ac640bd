UPDATE webhooks SET failing_since = NULL, delivered_at = $2 WHERE id = $1
