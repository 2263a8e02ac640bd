-- Ids here of everybody and everything that comes from directory $1.
SELECT person_id AS id, external_id, false AS is_group FROM provisioned_people WHERE client_id = $1
UNION ALL
SELECT group_id, external_id, true FROM provisioned_groups WHERE client_id = $1
