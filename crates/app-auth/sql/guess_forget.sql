DELETE FROM guess_budgets WHERE kind = $1 AND label = $2
