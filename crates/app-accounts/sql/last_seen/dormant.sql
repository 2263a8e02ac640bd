-- Active people not seen since $1, those longest away first, after a place in this order. Who was never seen is counted
-- from the day they were added.
SELECT p.id, p.username, p.display_name, p.role, l.seen_at, COALESCE(l.seen_at, p.created_at) AS counted_from
FROM people p
LEFT JOIN last_seen l ON l.person_id = p.id
WHERE p.life_state = 'active' AND COALESCE(l.seen_at, p.created_at) <= $1
  AND (COALESCE(l.seen_at, p.created_at), p.id) > ($2, $3::uuid)
ORDER BY 6, p.id
LIMIT $4
