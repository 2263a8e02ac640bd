-- Administrators have no end: somebody has to be left.
SELECT id
FROM people
WHERE state <> 'disabled' AND ends_on < $1 AND role <> 'admin'
ORDER BY ends_on, id
LIMIT $2
