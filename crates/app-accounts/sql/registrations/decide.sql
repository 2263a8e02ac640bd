UPDATE account_requests SET state = $2, reason = $3, decided_at = $4 WHERE id = $1 AND state = 'open'
