INSERT INTO provisioned_groups (client_id, group_id, external_id) VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT provisioned_groups_pk DO UPDATE SET external_id = excluded.external_id
