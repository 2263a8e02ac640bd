SELECT archive_id, service, state, attempts
FROM archive_parts
WHERE archive_id = ANY ($1)
ORDER BY service
