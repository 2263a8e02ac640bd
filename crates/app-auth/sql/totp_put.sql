INSERT INTO totp_seeds (user_id, sealed_seed, last_step, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (user_id) DO UPDATE SET
    sealed_seed = excluded.sealed_seed, last_step = excluded.last_step, created_at = excluded.created_at
