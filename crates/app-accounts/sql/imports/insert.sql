INSERT INTO imports (id, created_by, created_at, file_name, content, columns, options, state, skips_bad, request_id, rows_done, rows_total)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', false, '', 0, $8)
ON CONFLICT ON CONSTRAINT imports_pk DO NOTHING
