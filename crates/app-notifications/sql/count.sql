SELECT count(*) AS all_items, count(*) FILTER (WHERE read_at IS NULL) AS unread
FROM inbox
WHERE person_id = $1
  AND dismissed_at IS NULL
