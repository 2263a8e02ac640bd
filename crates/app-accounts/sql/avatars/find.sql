SELECT content_type, content, updated_at
FROM avatars
WHERE person_id = $1
