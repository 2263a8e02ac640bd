-- The holder stops: whoever looks next may take over at once. The attempt that was cut short does not count.
UPDATE jobs
SET state = 'queued', attempts = attempts - 1, lease_until_at = NULL, lease_holder = NULL
WHERE lease_holder = $1 AND state = 'running'
