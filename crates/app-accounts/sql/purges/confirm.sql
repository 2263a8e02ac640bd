INSERT INTO purge_confirmations (person_id, service, confirmed_at)
SELECT person_id, $2, $3
FROM purges
WHERE person_id = $1
ON CONFLICT ON CONSTRAINT purge_confirmations_pk DO NOTHING
