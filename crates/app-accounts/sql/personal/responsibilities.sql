-- What the person answers for. Other people are told by their id alone.
SELECT jsonb_build_object('kind', kind, 'id', id, 'name', name) AS record
FROM (
    SELECT 'group' AS kind, g.id, g.name
    FROM group_managing_people m JOIN groups g ON g.id = m.group_id
    WHERE m.person_id = $1
    UNION ALL
    SELECT 'guest', guest_id, NULL FROM sponsorships WHERE sponsor_id = $1
    UNION ALL
    SELECT 'report', id, NULL FROM people WHERE manager_id = $1
) AS answered
ORDER BY kind, name, id
LIMIT $2
