-- Whoever moves the tick on makes the job of it.
UPDATE cron_runs SET last_tick_at = $2 WHERE name = $1 AND last_tick_at < $2
