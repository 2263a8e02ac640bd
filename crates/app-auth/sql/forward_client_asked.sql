-- At most once a minute, or when something else is wrong than before.
UPDATE forward_clients SET asked_at = $2, problem = $3
WHERE client_id = $1 AND (asked_at IS NULL OR asked_at < $4 OR problem <> $3)
