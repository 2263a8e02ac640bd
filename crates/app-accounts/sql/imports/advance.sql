UPDATE imports SET rows_done = $2 WHERE id = $1 AND state = 'running'
