WITH people AS (DELETE FROM provisioned_people WHERE client_id = $1),
     groups AS (DELETE FROM provisioned_groups WHERE client_id = $1)
DELETE FROM directories WHERE id = $1
