INSERT INTO service_accounts (
    service_account_id, name, description, owner_id, role, enabled, created_at, changed_at
)
VALUES ($1, $2, $3, $4, $5, true, $6, $6)
ON CONFLICT ON CONSTRAINT service_accounts_name_key DO NOTHING
