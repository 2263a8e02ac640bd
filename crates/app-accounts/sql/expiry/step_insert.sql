INSERT INTO life_cycle_steps (run_id, person_id, action, reason, ends_on, at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT ON CONSTRAINT life_cycle_steps_pk DO NOTHING
