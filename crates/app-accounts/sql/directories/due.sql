-- Directories that were not read for as long as they say.
SELECT d.id
FROM directories d
WHERE d.every_minutes > 0
  AND NOT EXISTS (
        SELECT 1 FROM directory_runs r
        WHERE r.directory_id = d.id AND r.state <> 'previewed'
          -- Within a second of it is due: the schedule looks at whole minutes.
          AND r.started_at > $1::timestamptz - make_interval(mins => d.every_minutes) + interval '1 second')
ORDER BY d.id
LIMIT 100
