-- Were something asked of the new name already, the stricter of the two counts.
WITH moved AS (
    DELETE FROM factor_requirements WHERE audience = 'group' AND name = $1 RETURNING requirement
)
INSERT INTO factor_requirements (audience, name, requirement) SELECT 'group', $2, requirement FROM moved
ON CONFLICT (audience, name) DO UPDATE SET requirement = excluded.requirement
WHERE excluded.requirement = 'phishing_resistant'
