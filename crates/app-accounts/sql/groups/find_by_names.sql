-- Names as asked for, without regard to case, and the groups that have them.
SELECT n.asked, g.id
FROM unnest($1::text[]) AS n (asked)
JOIN groups g ON lower(g.name) = lower(n.asked)
