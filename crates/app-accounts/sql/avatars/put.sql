INSERT INTO avatars (person_id, content_type, content, updated_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT ON CONSTRAINT avatars_pk
DO UPDATE SET content_type = excluded.content_type, content = excluded.content, updated_at = excluded.updated_at
