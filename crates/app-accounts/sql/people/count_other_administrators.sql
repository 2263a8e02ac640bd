SELECT count(*) AS administrators
FROM people
WHERE role = 'admin' AND state = 'active' AND id <> $1
