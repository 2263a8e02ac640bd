-- Jobs that are due, and jobs whose holder has been silent for too long; other workers' rows are stepped over.
WITH due AS (
    SELECT job_id FROM jobs
    WHERE state = 'queued' AND run_at <= $4 AND kind = ANY ($1)
    ORDER BY run_at
    LIMIT $2
    FOR UPDATE SKIP LOCKED
), abandoned AS (
    SELECT job_id FROM jobs
    WHERE state = 'running' AND lease_until_at < now() AND kind = ANY ($1)
    ORDER BY lease_until_at
    LIMIT $2
    FOR UPDATE SKIP LOCKED
), chosen AS (
    SELECT job_id FROM abandoned UNION ALL SELECT job_id FROM due LIMIT $2
)
UPDATE jobs
SET state = 'running',
    attempts = attempts + 1,
    lease_epoch = lease_epoch + 1,
    lease_holder = $3,
    lease_until_at = now() + make_interval(secs => $5),
    progress = NULL
WHERE job_id IN (SELECT job_id FROM chosen)
RETURNING job_id, kind, payload, attempts, max_attempts, lease_epoch
