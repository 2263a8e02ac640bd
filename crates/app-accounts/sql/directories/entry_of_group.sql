-- The id that directory $1 has for group $2.
SELECT external_id FROM provisioned_groups WHERE client_id = $1 AND group_id = $2 AND external_id IS NOT NULL
