INSERT INTO provisioned_names (person_id, user_name) VALUES ($1, $2)
ON CONFLICT ON CONSTRAINT provisioned_names_pk DO UPDATE SET user_name = excluded.user_name
