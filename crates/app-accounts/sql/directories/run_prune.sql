-- The newest runs are kept, and for longer those that were about something.
DELETE FROM directory_runs
WHERE directory_id = $1
  AND state NOT IN ('running', 'stopped', 'approved')
  AND id NOT IN (SELECT id FROM directory_runs WHERE directory_id = $1 ORDER BY started_at DESC, id DESC LIMIT $2)
  AND (started_at < $3 OR NOT changes)
