INSERT INTO factor_graces AS g (user_id, began_at, requirement, ended_at) VALUES ($1, $2, $3, $2)
ON CONFLICT (user_id) DO UPDATE SET
    ended_at = excluded.ended_at,
    requirement = CASE WHEN excluded.requirement = 'phishing_resistant' THEN excluded.requirement ELSE g.requirement END
