SELECT count(*) AS people
FROM people p
WHERE ($1::text IS NULL OR p.search @@ to_tsquery('simple', $1))
  AND ($2::text IS NULL OR p.role = $2)
  AND ($3::text IS NULL AND p.life_state <> 'deleted' OR p.life_state = $3)
