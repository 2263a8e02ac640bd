SELECT job_id, kind, attempts, coalesce(last_error, ''), finished_at
FROM jobs
WHERE state = 'dead'
ORDER BY finished_at DESC, job_id DESC
LIMIT $1
