SELECT outcome, count(*) AS rows FROM import_rows WHERE import_id = $1 GROUP BY outcome
