-- A person without a password has none that is too short.
SELECT NOT EXISTS (
    SELECT 1 FROM passwords WHERE user_id = $1 AND stands_alone_as_of IS DISTINCT FROM changed_at
) AS stands
