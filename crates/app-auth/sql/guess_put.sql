UPDATE guess_budgets SET window_started_at = $3, spent = $4, strikes = $5, blocked_until = $6
WHERE kind = $1 AND key_hash = $2
