DELETE FROM life_cycle_runs WHERE begun_at < $1
