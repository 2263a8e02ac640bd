UPDATE directory_runs
SET state = $2, finished_at = $3, people_found = $4, groups_found = $5, counts = $6, failed_step = $7, failed_why = $8,
    failed_about = $9, plan = $10, plan_digest = $11, changes = $12
WHERE id = $1
