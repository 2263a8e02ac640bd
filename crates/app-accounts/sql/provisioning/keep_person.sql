INSERT INTO provisioned_people (client_id, person_id, external_id) VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT provisioned_people_pk DO UPDATE SET external_id = excluded.external_id
