-- Who manages a group, as given: people and groups, groups first.
SELECT true AS is_group, g.id, g.name
FROM group_managing_groups m JOIN groups g ON g.id = m.manager_id
WHERE m.group_id = $1
UNION ALL
SELECT false, p.id, p.display_name
FROM group_managing_people m JOIN people p ON p.id = m.person_id
WHERE m.group_id = $1
ORDER BY is_group DESC, name, id
LIMIT 500
