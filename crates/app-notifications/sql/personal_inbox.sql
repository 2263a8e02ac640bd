-- What was set aside is still kept for a while, and told.
SELECT jsonb_build_object('id', id, 'sender', sender, 'kind', kind, 'title_en', title_en, 'title_de', title_de,
                          'body_en', body_en, 'body_de', body_de, 'path', path, 'created_at', created_at,
                          'read_at', read_at, 'dismissed_at', dismissed_at) AS record
FROM inbox
WHERE person_id = $1
ORDER BY created_at DESC
LIMIT $2
