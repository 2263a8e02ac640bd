DELETE FROM imports
WHERE state <> 'running' AND (created_at < $1 AND state <> 'done' OR created_at < $2)
