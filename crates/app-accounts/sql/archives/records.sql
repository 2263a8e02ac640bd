SELECT service, records
FROM archive_parts
WHERE archive_id = $1 AND records IS NOT NULL
ORDER BY service
