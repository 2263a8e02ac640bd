INSERT INTO passkey_refusals (user_id, refused_at) VALUES ($1, $2)
ON CONFLICT (user_id) DO UPDATE SET refused_at = excluded.refused_at
