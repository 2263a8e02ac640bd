-- From the first time somebody is told that they need more than they have. Who is asked for something stricter later
-- gets time for that too.
INSERT INTO factor_graces AS g (user_id, began_at, requirement) VALUES ($1, $2, $3)
ON CONFLICT (user_id) DO UPDATE SET
    began_at = CASE WHEN g.requirement = 'second_factor' AND excluded.requirement = 'phishing_resistant'
        THEN excluded.began_at ELSE g.began_at END,
    ended_at = CASE WHEN g.requirement = 'second_factor' AND excluded.requirement = 'phishing_resistant'
        THEN NULL ELSE g.ended_at END,
    requirement = CASE WHEN excluded.requirement = 'phishing_resistant' THEN excluded.requirement ELSE g.requirement END
RETURNING began_at, ended_at
