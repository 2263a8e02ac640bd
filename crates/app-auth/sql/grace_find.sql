-- The time somebody has, or had, for what is asked of them now or for something stricter.
SELECT began_at, ended_at FROM factor_graces
WHERE user_id = $1 AND (requirement = $2 OR requirement = 'phishing_resistant')
