-- One index probe per service instead of a scan over all rows.
WITH RECURSIVE services (service) AS (
    (SELECT service FROM logs ORDER BY service LIMIT 1)
    UNION ALL
    SELECT (SELECT l.service FROM logs l WHERE l.service > s.service ORDER BY l.service LIMIT 1)
    FROM services s
    WHERE s.service IS NOT NULL
)
SELECT service
FROM services
WHERE service IS NOT NULL
