UPDATE account_requests
SET state = $2, proven_at = $3::timestamptz, decided_at = CASE WHEN $2 <> 'open' THEN $3::timestamptz END
WHERE id = $1
