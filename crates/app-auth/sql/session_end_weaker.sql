-- Those of a person in which none of the given factors was proven.
UPDATE sessions SET ended_at = $3, end_reason = $4
WHERE user_id = $1 AND NOT factors && $2 AND ended_at IS NULL
RETURNING session_id, user_id, token_hash
