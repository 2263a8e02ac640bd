DELETE FROM avatars
WHERE person_id = $1
