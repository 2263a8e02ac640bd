SELECT count(*) AS live FROM api_keys
WHERE (user_id = $1 OR service_account_id = $1) AND revoked_at IS NULL AND expires_at > $2
