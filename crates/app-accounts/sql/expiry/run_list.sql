SELECT r.id, r.by_hand, p.display_name AS begun_by, r.begun_at, r.ended_at,
       count(s.*) FILTER (WHERE s.action = 'reminded') AS reminded,
       count(s.*) FILTER (WHERE s.action = 'expired') AS expired,
       count(s.*) FILTER (WHERE s.action = 'trashed') AS trashed,
       count(s.*) FILTER (WHERE s.action = 'refused') AS refused
FROM (SELECT * FROM life_cycle_runs WHERE $2::uuid IS NULL OR id = $2 ORDER BY begun_at DESC, id LIMIT $1) r
LEFT JOIN people p ON p.id = r.begun_by
LEFT JOIN life_cycle_steps s ON s.run_id = r.id
GROUP BY r.id, r.by_hand, p.display_name, r.begun_at, r.ended_at
ORDER BY r.begun_at DESC, r.id
