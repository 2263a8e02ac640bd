UPDATE life_cycle_runs SET ended_at = $2 WHERE id = $1
