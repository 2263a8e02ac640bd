UPDATE provisioned_people SET locked = $3 WHERE client_id = $1 AND person_id = $2
