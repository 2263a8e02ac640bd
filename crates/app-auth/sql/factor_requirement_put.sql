INSERT INTO factor_requirements (audience, name, requirement) VALUES ($1, $2, $3)
ON CONFLICT (audience, name) DO UPDATE SET requirement = excluded.requirement
