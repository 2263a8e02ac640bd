SELECT count(*) AS people
FROM people p
WHERE ($1::text IS NULL OR p.search @@ to_tsquery('simple', $1))
  AND ($2::text IS NULL OR p.role = $2)
  AND ($3::text IS NULL AND p.life_state <> 'deleted' OR p.life_state = $3)
  AND ($4::timestamptz IS NULL OR p.life_state = 'active' AND $4 >= COALESCE(
      (SELECT l.seen_at FROM last_seen l WHERE l.person_id = p.id), p.created_at))
