-- A run of the directory that is still said to go on died: its lease is over. What former runs would do is forgotten.
WITH former AS (
    UPDATE directory_runs
    SET state = CASE state WHEN 'running' THEN 'failed' ELSE state END,
        failed_why = CASE state WHEN 'running' THEN 'interrupted' ELSE failed_why END,
        finished_at = coalesce(finished_at, $4),
        plan = CASE WHEN state IN ('stopped', 'approved') THEN plan END
    WHERE directory_id = $2 AND (state = 'running' OR plan IS NOT NULL)
)
INSERT INTO directory_runs (id, directory_id, asked_by, state, started_at, counts)
VALUES ($1, $2, (SELECT id FROM people WHERE id = $3), 'running', $4, '{}')
