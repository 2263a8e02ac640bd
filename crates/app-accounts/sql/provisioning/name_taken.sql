-- Who besides person $2 goes by the user name $1, the trash included.
SELECT p.life_state = 'deleted' AS in_trash
FROM people p
LEFT JOIN provisioned_names n ON n.person_id = p.id
WHERE p.id IN (
        SELECT person_id FROM provisioned_names WHERE lower(user_name) = lower($1)
        UNION ALL
        SELECT id FROM people WHERE lower(username) = lower($1))
  AND lower(coalesce(n.user_name, p.username)) = lower($1)
  AND p.id <> $2
LIMIT 1
