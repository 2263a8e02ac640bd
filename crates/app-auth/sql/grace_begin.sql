INSERT INTO factor_graces (user_id, began_at) VALUES ($1, $2)
ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id
RETURNING began_at
