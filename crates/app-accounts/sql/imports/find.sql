SELECT i.id, i.created_by, b.display_name AS author_name, i.created_at, i.file_name, i.columns, i.options, i.state,
       i.skips_bad, i.request_id, i.rows_done, i.rows_total, i.finished_at
FROM imports i
LEFT JOIN people b ON b.id = i.created_by
WHERE i.id = $1
