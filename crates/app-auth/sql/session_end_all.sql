UPDATE sessions SET ended_at = $3, end_reason = $4
WHERE user_id = $1 AND session_id IS DISTINCT FROM $2 AND ended_at IS NULL
RETURNING session_id, user_id, token_hash
