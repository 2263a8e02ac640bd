DELETE FROM provisioned_people WHERE client_id = $1 AND person_id = $2
