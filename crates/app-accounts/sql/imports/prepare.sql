-- Not while it runs, and not once it ran.
UPDATE imports
SET columns = $2, options = $3, state = $4, rows_done = 0
WHERE id = $1 AND state NOT IN ('running', 'done')
