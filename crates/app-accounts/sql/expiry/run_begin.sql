-- A run that goes on after its instance died is the same run.
INSERT INTO life_cycle_runs (id, begun_by, by_hand, begun_at)
VALUES ($1, (SELECT id FROM people WHERE id = $2), $3, $4)
ON CONFLICT ON CONSTRAINT life_cycle_runs_pk DO NOTHING
