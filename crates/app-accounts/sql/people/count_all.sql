-- Without a search: what is counted is in the index.
SELECT count(*) AS people
FROM people
WHERE ($1::text IS NULL OR role = $1)
  AND ($2::text IS NULL AND life_state <> 'deleted' OR life_state = $2)
