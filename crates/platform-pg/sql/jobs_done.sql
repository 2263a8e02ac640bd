UPDATE jobs
SET state = 'done', finished_at = now(), lease_until_at = NULL, lease_holder = NULL, progress = 1
WHERE job_id = $1 AND lease_epoch = $2 AND state = 'running'
