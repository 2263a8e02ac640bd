INSERT INTO jobs (job_id, kind, payload, unique_key, run_at, max_attempts)
SELECT job_id, $1, payload, unique_key, $5, $6
FROM unnest($2::uuid[], $3::jsonb[], $4::text[]) AS j (job_id, payload, unique_key)
ON CONFLICT (kind, unique_key) WHERE unique_key IS NOT NULL AND state IN ('queued', 'running') DO NOTHING
