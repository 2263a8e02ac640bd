UPDATE webhooks SET name = $2, url = $3, events = $4, updated_at = $5, version = version + 1
WHERE id = $1 AND version = $6
