UPDATE jobs
SET state = 'queued', run_at = $3, last_error = $4, lease_until_at = NULL, lease_holder = NULL
WHERE job_id = $1 AND lease_epoch = $2 AND state = 'running'
