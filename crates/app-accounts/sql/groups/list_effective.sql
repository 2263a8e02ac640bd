-- Everybody in a group, nested groups included, with the groups each is in by themselves, as of $2. The page is found
-- before it is said of anybody how they came there.
WITH RECURSIVE inside (group_id) AS (
    SELECT $1::uuid
    UNION
    SELECT gg.member_id FROM inside i JOIN group_groups gg ON gg.group_id = i.group_id
    WHERE gg.ends_at IS NULL OR gg.ends_at > $2
), members AS (
    SELECT DISTINCT gp.person_id
    FROM inside i JOIN group_people gp ON gp.group_id = i.group_id
    WHERE gp.ends_at IS NULL OR gp.ends_at > $2
), page AS (
    SELECT p.id, count(*) OVER () AS total
    FROM members m JOIN people p ON p.id = m.person_id
    WHERE $3::text IS NULL OR p.search @@ to_tsquery('simple', $3)
    ORDER BY lower(p.display_name), p.id
    LIMIT $4 OFFSET $5
), how AS (
    SELECT gp.person_id,
           bool_or(gp.group_id = $1) AS direct,
           coalesce((array_agg(g.name ORDER BY lower(g.name)) FILTER (WHERE gp.group_id <> $1))[1:5], '{}') AS through
    FROM page
    JOIN group_people gp ON gp.person_id = page.id
    JOIN inside i ON i.group_id = gp.group_id
    JOIN groups g ON g.id = gp.group_id
    WHERE gp.ends_at IS NULL OR gp.ends_at > $2
    GROUP BY gp.person_id
)
SELECT p.id, p.username, p.email, p.display_name, p.given_name, p.family_name, p.title, p.department, p.phone, p.role,
       p.life_state, p.ends_on, p.trashed_at, p.restores_to, p.locale, p.zone, p.theme, p.version,
       p.created_at, a.updated_at AS avatar_at, mgr.id AS manager_id, mgr.username AS manager_username,
       mgr.display_name AS manager_name, mgr.life_state AS manager_state,
       how.direct, how.through, page.total
FROM page
JOIN how ON how.person_id = page.id
JOIN people p ON p.id = page.id
LEFT JOIN avatars a ON a.person_id = p.id
LEFT JOIN people mgr ON mgr.id = p.manager_id
ORDER BY lower(p.display_name), p.id
