SELECT p.id, p.username, p.email, p.display_name, p.given_name, p.family_name, p.title, p.department, p.phone, p.role,
       p.life_state, p.ends_on, p.trashed_at, p.restores_to, p.locale, p.zone, p.theme, p.version,
       p.created_at, a.updated_at AS avatar_at, mgr.id AS manager_id, mgr.username AS manager_username,
       mgr.display_name AS manager_name, mgr.life_state AS manager_state, gp.ends_at, gp.by_rule,
       count(*) OVER () AS total
FROM group_people gp
JOIN people p ON p.id = gp.person_id
LEFT JOIN avatars a ON a.person_id = p.id
LEFT JOIN people mgr ON mgr.id = p.manager_id
WHERE gp.group_id = $1 AND (gp.ends_at IS NULL OR gp.ends_at > $2)
ORDER BY lower(p.display_name), p.id
LIMIT $3 OFFSET $4
