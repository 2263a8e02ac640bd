UPDATE history
SET changed_by = NULL, changed_by_name = '–'
WHERE changed_by = $1
