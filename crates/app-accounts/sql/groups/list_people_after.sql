-- People directly in a group after a place in the order of their names.
SELECT p.id, p.username, p.display_name, gp.ends_at
FROM group_people gp
JOIN people p ON p.id = gp.person_id
WHERE gp.group_id = $1 AND (gp.ends_at IS NULL OR gp.ends_at > $2)
  AND (lower(p.display_name), p.id) > (lower($3), $4::uuid)
ORDER BY lower(p.display_name), p.id
LIMIT $5
