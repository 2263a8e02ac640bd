-- Sign-in names and addresses as asked for, without regard to case, and who has them; a sign-in name comes first.
SELECT DISTINCT ON (n.asked) n.asked, p.id, p.role, p.life_state
FROM unnest($1::text[]) AS n (asked)
CROSS JOIN LATERAL (
    SELECT id, role, life_state, 1 AS preference FROM people WHERE lower(username) = lower(n.asked)
    UNION ALL
    SELECT o.id, o.role, o.life_state, 2
    FROM mail_addresses m JOIN people o ON o.id = m.person_id
    WHERE lower(m.address) = lower(n.asked)
) AS p
ORDER BY n.asked, p.preference
