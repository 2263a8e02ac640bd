UPDATE imports
SET state = 'running', skips_bad = $2, request_id = $3, created_by = $4, rows_done = 0, finished_at = NULL
WHERE id = $1 AND state IN ('checked', 'refused', 'failed')
