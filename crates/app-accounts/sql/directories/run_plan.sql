SELECT plan FROM directory_runs WHERE id = $1 AND directory_id = $2
