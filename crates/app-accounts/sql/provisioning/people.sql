-- People who are not in the trash, as client $1 knows them, after id $6.
SELECT p.id, p.username, p.email, p.display_name, p.given_name, p.family_name, p.title, p.department, p.phone, p.role,
       p.life_state, p.ends_on, p.trashed_at, p.restores_to, p.locale, p.zone, p.theme, p.version,
       p.created_at, a.updated_at AS avatar_at, mgr.id AS manager_id, mgr.username AS manager_username,
       mgr.display_name AS manager_name, mgr.life_state AS manager_state,
       p.updated_at, n.user_name, x.external_id
FROM people p
LEFT JOIN avatars a ON a.person_id = p.id
LEFT JOIN people mgr ON mgr.id = p.manager_id
LEFT JOIN provisioned_names n ON n.person_id = p.id
LEFT JOIN provisioned_people x ON x.person_id = p.id AND x.client_id = $1
WHERE p.life_state <> 'deleted'
  -- Both names are looked up by their indexes; the sign-in name counts only for those without another.
  AND ($2::text IS NULL OR p.id IN (
        SELECT person_id FROM provisioned_names WHERE lower(user_name) = lower($2)
        UNION ALL
        SELECT id FROM people WHERE lower(username) = lower($2)))
  AND ($2::text IS NULL OR lower(coalesce(n.user_name, p.username)) = lower($2))
  AND ($3::text IS NULL OR p.id IN (SELECT person_id FROM mail_addresses WHERE lower(address) = lower($3)))
  AND ($4::uuid IS NULL OR p.id = $4)
  AND ($5::text IS NULL OR x.external_id = $5)
  AND p.id > $6
ORDER BY p.id
LIMIT $7 OFFSET $8
