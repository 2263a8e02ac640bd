SELECT window_started_at, spent, strikes, blocked_until FROM guess_budgets WHERE kind = $1 AND key_hash = $2
