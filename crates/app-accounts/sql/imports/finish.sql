-- What was read of the file is not kept once it was imported.
UPDATE imports
SET state = $2, finished_at = $3, content = CASE WHEN $2 = 'done' THEN '' ELSE content END,
    rows_done = CASE WHEN $2 = 'done' THEN rows_total ELSE 0 END
WHERE id = $1 AND state = 'running'
