SELECT person_id FROM provisioned_people WHERE client_id = $1 ORDER BY person_id
