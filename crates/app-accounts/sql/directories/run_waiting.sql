-- The run that waits for a decision, or that was approved and not run since.
SELECT id, state, plan_digest
FROM directory_runs
WHERE directory_id = $1 AND state IN ('stopped', 'approved')
ORDER BY started_at DESC, id DESC
LIMIT 1
