-- Addresses as asked for, without regard to case, and who has them, as a primary one or besides.
SELECT n.asked, p.id, p.life_state
FROM unnest($1::text[]) AS n (asked)
JOIN mail_addresses m ON lower(m.address) = lower(n.asked)
JOIN people p ON p.id = m.person_id
