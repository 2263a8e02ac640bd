DELETE FROM account_requests
WHERE state = 'unproven' AND expires_at < $1 OR state IN ('approved', 'denied') AND decided_at < $2
