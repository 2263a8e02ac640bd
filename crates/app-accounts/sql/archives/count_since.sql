SELECT count(*) AS archives FROM archives WHERE asked_by = $1 AND created_at > $2
