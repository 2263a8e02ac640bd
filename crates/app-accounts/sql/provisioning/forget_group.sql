DELETE FROM provisioned_groups WHERE client_id = $1 AND group_id = $2
