UPDATE webhooks SET failing_since = COALESCE(failing_since, $2) WHERE id = $1
