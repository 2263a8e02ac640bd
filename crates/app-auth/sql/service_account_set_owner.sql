UPDATE service_accounts SET owner_id = $2, changed_at = $3
WHERE service_account_id = $1
