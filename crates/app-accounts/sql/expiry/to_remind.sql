-- Who is to be reminded: of two reminders that are due the nearer one, and none after a nearer one.
WITH ending AS (
    SELECT p.id, COALESCE(p.ends_on, l.ends_on) AS ends_on
    FROM people p
    LEFT JOIN life_cycles l ON l.person_id = p.id
    WHERE p.state = 'active' AND p.role <> 'admin' AND COALESCE(p.ends_on, l.ends_on) BETWEEN $1::date AND $1::date + 30
)
SELECT e.id
FROM ending e
WHERE e.id > $2
  AND NOT EXISTS (
      SELECT FROM expiry_reminders r
      WHERE r.person_id = e.id AND r.ends_on = e.ends_on
        AND r.days <= CASE WHEN e.ends_on <= $1::date + 7 THEN 7 ELSE 30 END)
ORDER BY e.id
LIMIT $3
