SELECT id, sender, kind, title_en, title_de, body_en, body_de, path, created_at, read_at
FROM inbox
WHERE person_id = $1
  AND dismissed_at IS NULL
  AND (NOT $2 OR read_at IS NULL)
ORDER BY created_at DESC, id DESC
LIMIT $3 OFFSET $4
