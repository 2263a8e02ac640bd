UPDATE archive_parts SET state = $3, attempts = attempts + 1, records = $4
WHERE archive_id = $1 AND service = $2 AND state = 'waiting'
