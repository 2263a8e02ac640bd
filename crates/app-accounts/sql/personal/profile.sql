-- Other people are told by their id alone.
SELECT jsonb_build_object('id', p.id, 'username', p.username, 'email', p.email, 'display_name', p.display_name,
                          'given_name', p.given_name, 'family_name', p.family_name, 'title', p.title,
                          'department', p.department, 'phone', p.phone, 'manager_id', p.manager_id, 'role', p.role,
                          'state', p.life_state, 'ends_on', p.ends_on, 'locale', p.locale, 'zone', p.zone,
                          'theme', p.theme, 'created_at', p.created_at, 'last_seen_at', l.seen_at,
                          'sponsor_id', s.sponsor_id) AS record
FROM people p
LEFT JOIN last_seen l ON l.person_id = p.id
LEFT JOIN sponsorships s ON s.guest_id = p.id
WHERE p.id = $1
LIMIT $2
