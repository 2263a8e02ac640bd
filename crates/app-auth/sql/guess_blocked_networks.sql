SELECT label, strikes, blocked_until FROM guess_budgets
WHERE kind = 'network' AND blocked_until > $1
ORDER BY blocked_until DESC
LIMIT 200
