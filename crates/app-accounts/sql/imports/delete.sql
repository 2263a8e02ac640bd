DELETE FROM imports WHERE id = $1 AND state <> 'running'
