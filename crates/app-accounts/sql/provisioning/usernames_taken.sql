-- Which of these sign-in names, in lower case, somebody has.
SELECT lower(username) AS username FROM people WHERE lower(username) = ANY ($1)
