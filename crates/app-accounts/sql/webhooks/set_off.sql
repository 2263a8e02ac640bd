-- Whoever is switched on again has days to answer.
UPDATE webhooks SET off_reason = $2, failing_since = NULL, version = version + 1
WHERE id = $1 AND off_reason IS DISTINCT FROM $2
