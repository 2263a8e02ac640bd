-- A dead job whose key is in use again stays dead.
UPDATE jobs AS dead
SET state = 'queued', attempts = 0, run_at = $2, finished_at = NULL, last_error = NULL
WHERE job_id = $1 AND state = 'dead'
  AND NOT EXISTS (
      SELECT 1 FROM jobs AS other
      WHERE other.kind = dead.kind AND other.unique_key = dead.unique_key AND other.state IN ('queued', 'running')
  )
