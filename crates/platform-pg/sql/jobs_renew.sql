UPDATE jobs
SET lease_until_at = now() + make_interval(secs => $3), progress = coalesce($4, progress)
WHERE job_id = $1 AND lease_epoch = $2 AND state = 'running'
