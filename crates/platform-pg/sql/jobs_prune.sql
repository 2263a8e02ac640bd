-- Done jobs are kept for a day, dead ones until somebody had ample time to look.
DELETE FROM jobs
WHERE job_id IN (
    SELECT job_id FROM jobs
    WHERE (state = 'done' AND finished_at < now() - interval '1 day')
       OR (state = 'dead' AND finished_at < now() - interval '90 days')
    ORDER BY finished_at
    LIMIT $1
)
