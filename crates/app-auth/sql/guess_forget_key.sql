DELETE FROM guess_budgets WHERE kind = $1 AND key_hash = $2
