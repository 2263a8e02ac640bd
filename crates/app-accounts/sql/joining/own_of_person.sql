-- Groups a person is in by themselves and may leave, as of $2.
SELECT g.id
FROM group_people gp
JOIN groups g ON g.id = gp.group_id
WHERE gp.person_id = $1 AND g.joining <> 'closed' AND (gp.ends_at IS NULL OR gp.ends_at > $2)
