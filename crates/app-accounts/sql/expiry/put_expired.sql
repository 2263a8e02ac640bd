INSERT INTO life_cycles (person_id, expired_at)
VALUES ($1, $2)
ON CONFLICT ON CONSTRAINT life_cycles_pk DO UPDATE SET expired_at = excluded.expired_at
