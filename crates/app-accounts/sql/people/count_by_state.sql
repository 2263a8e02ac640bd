SELECT state, count(*) AS people
FROM people
GROUP BY state
