SELECT r.id, r.state, r.started_at, r.finished_at, r.people_found, r.groups_found, r.counts, r.failed_step, r.failed_why,
       r.failed_about, r.plan_digest, r.decided_at, a.display_name AS asked_by, d.display_name AS decided_by
FROM directory_runs r
LEFT JOIN people a ON a.id = r.asked_by
LEFT JOIN people d ON d.id = r.decided_by
WHERE r.directory_id = $1
ORDER BY r.started_at DESC, r.id DESC
LIMIT $2
