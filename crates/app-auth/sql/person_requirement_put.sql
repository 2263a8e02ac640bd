INSERT INTO person_requirements (user_id, requirement, required_at) VALUES ($1, $2, $3)
ON CONFLICT (user_id) DO UPDATE SET requirement = excluded.requirement, required_at = excluded.required_at
