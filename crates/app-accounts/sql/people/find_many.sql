SELECT p.id, p.username, p.email, p.display_name, p.title, p.department, p.phone, p.role,
       p.life_state, p.ends_on, p.trashed_at, p.restores_to, p.locale, p.zone, p.theme, p.version,
       p.created_at, a.updated_at AS avatar_at
FROM people p
LEFT JOIN avatars a ON a.person_id = p.id
WHERE p.id = ANY ($1)
