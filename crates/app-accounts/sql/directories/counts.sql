SELECT (SELECT count(*) FROM provisioned_people WHERE client_id = $1) AS people,
       (SELECT count(*) FROM provisioned_groups WHERE client_id = $1) AS groups
