-- Active people whose shown name, last name or user name begins with a few letters: $1 up to $2, byte by byte. Each part
-- stops at its first rows, however many there are.
WITH found AS (
    (SELECT id FROM people
     WHERE lower(display_name) ~>=~ $1 AND lower(display_name) ~<~ $2 AND life_state = 'active'
     ORDER BY lower(display_name) USING ~<~
     LIMIT $3)
    UNION
    (SELECT id FROM people
     WHERE lower(family_name) ~>=~ $1 AND lower(family_name) ~<~ $2 AND life_state = 'active'
     ORDER BY lower(family_name) USING ~<~
     LIMIT $3)
    UNION
    (SELECT id FROM people
     WHERE lower(username) ~>=~ $1 AND lower(username) ~<~ $2 AND life_state = 'active'
     ORDER BY lower(username) USING ~<~
     LIMIT $3)
)
SELECT p.id, p.username, p.email, p.display_name, p.given_name, p.family_name, p.title, p.department, p.phone, p.role,
       p.life_state, p.ends_on, p.trashed_at, p.restores_to, p.locale, p.zone, p.theme, p.version,
       p.created_at, a.updated_at AS avatar_at, mgr.id AS manager_id, mgr.username AS manager_username,
       mgr.display_name AS manager_name, mgr.life_state AS manager_state
FROM found
JOIN people p ON p.id = found.id
LEFT JOIN avatars a ON a.person_id = p.id
LEFT JOIN people mgr ON mgr.id = p.manager_id
ORDER BY lower(p.display_name), p.id
LIMIT $3
