SELECT p.id, p.username, p.email, p.display_name, p.title, p.department, p.phone, p.role,
       p.life_state, p.ends_on, p.trashed_at, p.restores_to, p.locale, p.zone, p.theme, p.version,
       p.created_at, a.updated_at AS avatar_at, gp.ends_at,
       count(*) OVER () AS total
FROM group_people gp
JOIN people p ON p.id = gp.person_id
LEFT JOIN avatars a ON a.person_id = p.id
WHERE gp.group_id = $1 AND (gp.ends_at IS NULL OR gp.ends_at > $2)
ORDER BY lower(p.display_name), p.id
LIMIT $3 OFFSET $4
