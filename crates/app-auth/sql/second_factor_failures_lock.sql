-- One second proof of a person at a time: whoever comes in parallel waits here.
INSERT INTO second_factor_failures (user_id, failures, last_failed_at) VALUES ($1, 0, $2)
ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id
RETURNING failures, last_failed_at
