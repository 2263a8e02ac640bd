INSERT INTO held_forms (form_id, user_id, sealed, created_at) VALUES ($1, $2, $3, $4)
