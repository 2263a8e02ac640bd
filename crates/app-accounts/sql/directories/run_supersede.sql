UPDATE directory_runs
SET state = 'superseded', plan = NULL
WHERE directory_id = $1 AND state IN ('stopped', 'approved') AND id <> $2
