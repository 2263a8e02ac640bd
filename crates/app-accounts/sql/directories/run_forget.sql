DELETE FROM directory_runs WHERE id = $1
