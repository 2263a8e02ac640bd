SELECT jsonb_build_object('id', p.id, 'username', p.username, 'email', p.email, 'display_name', p.display_name,
                          'given_name', p.given_name, 'family_name', p.family_name, 'title', p.title,
                          'department', p.department, 'phone', p.phone, 'manager', mgr.display_name, 'role', p.role,
                          'state', p.life_state, 'ends_on', p.ends_on, 'locale', p.locale, 'zone', p.zone,
                          'theme', p.theme, 'created_at', p.created_at, 'last_seen_at', l.seen_at,
                          'has_picture', a.person_id IS NOT NULL, 'sponsor', s.display_name) AS record
FROM people p
LEFT JOIN people mgr ON mgr.id = p.manager_id
LEFT JOIN last_seen l ON l.person_id = p.id
LEFT JOIN avatars a ON a.person_id = p.id
LEFT JOIN sponsorships sp ON sp.guest_id = p.id
LEFT JOIN people s ON s.id = sp.sponsor_id
WHERE p.id = $1
LIMIT $2
