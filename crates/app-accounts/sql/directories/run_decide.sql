UPDATE directory_runs
SET state = $3, decided_by = $4, decided_at = $5, plan = CASE $3 WHEN 'approved' THEN plan END
WHERE id = $1 AND directory_id = $2 AND state = 'stopped' AND plan_digest = $6
