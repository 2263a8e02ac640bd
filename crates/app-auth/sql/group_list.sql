-- Groups people are in, with how many: what accounts says, nesting resolved.
SELECT name, count(*) AS members FROM subjects, unnest(groups) AS name
WHERE state <> 'disabled'
GROUP BY name ORDER BY name LIMIT 500
