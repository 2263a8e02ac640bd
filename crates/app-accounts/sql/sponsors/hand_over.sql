-- Who was handed over. Nobody comes to answer for themselves.
WITH moved AS (
    UPDATE sponsorships SET sponsor_id = $2, since = $3
    WHERE sponsor_id = $1 AND guest_id <> $2
    RETURNING guest_id
)
SELECT p.id, p.display_name
FROM moved m
JOIN people p ON p.id = m.guest_id
