SELECT n.asked
FROM unnest($1::text[]) AS n (asked)
WHERE EXISTS (SELECT FROM people p WHERE lower(p.username) = n.asked)
