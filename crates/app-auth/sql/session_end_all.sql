-- Counts the generation up, which ends sessions nobody sees yet; takes the one that is kept along, and ends the rest.
WITH next AS (
    UPDATE subjects SET session_generation = session_generation + 1, changed_at = $3
    WHERE user_id = $1
    RETURNING session_generation
), kept AS (
    UPDATE sessions SET generation = next.session_generation
    FROM next
    WHERE user_id = $1 AND session_id = $2 AND ended_at IS NULL
        AND COALESCE(generation, next.session_generation - 1) = next.session_generation - 1
)
UPDATE sessions SET ended_at = $3, end_reason = $4
WHERE user_id = $1 AND session_id IS DISTINCT FROM $2 AND ended_at IS NULL
RETURNING session_id, user_id, token_hash
