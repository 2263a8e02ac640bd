DELETE FROM import_rows WHERE import_id = $1
