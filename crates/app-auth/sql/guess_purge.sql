DELETE FROM guess_budgets WHERE window_started_at < $1 AND (blocked_until IS NULL OR blocked_until < $1)
