INSERT INTO passwords (user_id, phc, changed_at) VALUES ($1, $2, $3)
ON CONFLICT (user_id) DO UPDATE
SET phc = excluded.phc, changed_at = excluded.changed_at, stands_alone_as_of = NULL
