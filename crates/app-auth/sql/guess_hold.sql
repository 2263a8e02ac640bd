-- Makes the row or finds it, and keeps it until the transaction ends: two tries at one moment are counted one by one.
INSERT INTO guess_budgets AS b (kind, key_hash, label, window_started_at, spent, strikes)
VALUES ($1, $2, $3, $4, 0, 0)
ON CONFLICT ON CONSTRAINT guess_budgets_pkey DO UPDATE SET label = EXCLUDED.label
RETURNING window_started_at, spent, strikes, blocked_until
