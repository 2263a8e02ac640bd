INSERT INTO jobs (job_id, kind, payload, unique_key, run_at, max_attempts)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (kind, unique_key) WHERE unique_key IS NOT NULL AND state IN ('queued', 'running') DO NOTHING
