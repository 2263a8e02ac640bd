SELECT updated_at
FROM avatars
WHERE person_id = $1
