-- The page is found before anything is joined to it: what is stepped over is not looked at.
WITH page AS (
    SELECT p.id
    FROM people p
    WHERE ($1::text IS NULL OR p.search @@ to_tsquery('simple', $1))
      AND ($2::text IS NULL OR p.role = $2)
      AND ($3::text IS NULL AND p.life_state <> 'deleted' OR p.life_state = $3)
      AND ($6::timestamptz IS NULL OR p.life_state = 'active' AND $6 >= COALESCE(
          (SELECT l.seen_at FROM last_seen l WHERE l.person_id = p.id), p.created_at))
    ORDER BY p.created_at, p.id
    LIMIT $4 OFFSET $5
)
SELECT p.id, p.username, p.email, p.display_name, p.given_name, p.family_name, p.title, p.department, p.phone, p.role,
       p.life_state, p.ends_on, p.trashed_at, p.restores_to, p.locale, p.zone, p.theme, p.version,
       p.created_at, a.updated_at AS avatar_at, mgr.id AS manager_id, mgr.username AS manager_username,
       mgr.display_name AS manager_name, mgr.life_state AS manager_state
FROM page
JOIN people p ON p.id = page.id
LEFT JOIN avatars a ON a.person_id = p.id
LEFT JOIN people mgr ON mgr.id = p.manager_id
ORDER BY p.created_at, p.id
