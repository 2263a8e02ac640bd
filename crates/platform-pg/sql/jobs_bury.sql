UPDATE jobs
SET state = 'dead', finished_at = now(), last_error = $3, lease_until_at = NULL, lease_holder = NULL
WHERE job_id = $1 AND lease_epoch = $2 AND state = 'running'
