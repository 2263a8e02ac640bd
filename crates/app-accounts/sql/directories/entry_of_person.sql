-- The id that directory $1 has for person $2.
SELECT external_id FROM provisioned_people WHERE client_id = $1 AND person_id = $2 AND external_id IS NOT NULL
