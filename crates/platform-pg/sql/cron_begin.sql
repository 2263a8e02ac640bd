-- A schedule nobody knows yet begins with the next tick, not with the last one.
INSERT INTO cron_runs (name, last_tick_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING
