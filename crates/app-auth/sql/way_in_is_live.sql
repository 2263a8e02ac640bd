SELECT EXISTS (
    SELECT 1 FROM ways_in WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
) AS live
