-- People who come from directory $1, in whatever state.
SELECT p.id, p.username, p.email, p.display_name, p.given_name, p.family_name, p.title, p.department, p.phone, p.role,
       p.life_state, p.ends_on, p.trashed_at, p.restores_to, p.locale, p.zone, p.theme, p.version,
       p.created_at, NULL::timestamptz AS avatar_at, mgr.id AS manager_id, mgr.username AS manager_username,
       mgr.display_name AS manager_name, mgr.life_state AS manager_state,
       n.user_name, x.external_id, x.locked
FROM provisioned_people x
JOIN people p ON p.id = x.person_id
LEFT JOIN people mgr ON mgr.id = p.manager_id
LEFT JOIN provisioned_names n ON n.person_id = p.id
WHERE x.client_id = $1
