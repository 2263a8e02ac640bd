-- People after a place in the order of their names: those in group $4, directly ($5) or through groups inside it, as of
-- $6, where one is named, and not seen since $10. Nothing is counted.
WITH RECURSIVE inside (group_id) AS (
    SELECT $4::uuid WHERE $4 IS NOT NULL
    UNION
    SELECT gg.member_id FROM inside i JOIN group_groups gg ON gg.group_id = i.group_id
    WHERE NOT $5::bool AND (gg.ends_at IS NULL OR gg.ends_at > $6)
)
SELECT p.id, p.username, p.email, p.display_name, p.given_name, p.family_name, p.title, p.department, p.phone, p.role,
       p.life_state, p.ends_on, p.trashed_at, p.restores_to, p.locale, p.zone, p.theme, p.version,
       p.created_at, a.updated_at AS avatar_at, mgr.id AS manager_id, mgr.username AS manager_username,
       mgr.display_name AS manager_name, mgr.life_state AS manager_state
FROM people p
LEFT JOIN avatars a ON a.person_id = p.id
LEFT JOIN people mgr ON mgr.id = p.manager_id
WHERE ($1::text IS NULL OR p.search @@ to_tsquery('simple', $1))
  AND ($2::text IS NULL OR p.role = $2)
  AND ($3::text IS NULL AND p.life_state <> 'deleted' OR p.life_state = $3)
  AND ($10::timestamptz IS NULL OR p.life_state = 'active' AND $10 >= COALESCE(
      (SELECT l.seen_at FROM last_seen l WHERE l.person_id = p.id), p.created_at))
  AND ($4::uuid IS NULL OR p.id IN (
      SELECT gp.person_id FROM inside i JOIN group_people gp ON gp.group_id = i.group_id
      WHERE gp.ends_at IS NULL OR gp.ends_at > $6))
  AND (lower(p.display_name), p.id) > (lower($7), $8::uuid)
ORDER BY lower(p.display_name), p.id
LIMIT $9
