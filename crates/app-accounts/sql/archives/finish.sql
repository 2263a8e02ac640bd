-- What was told is in the archive by now, or of no use.
WITH told AS (
    UPDATE archive_parts SET records = NULL WHERE archive_id = $1
)
UPDATE archives
SET state = $2, content = $3::bytea, size = COALESCE(octet_length($3::bytea), 0), ready_at = $4, expires_at = $5
WHERE id = $1 AND state = 'collecting'
