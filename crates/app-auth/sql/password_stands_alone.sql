-- A person without a password here has none that is too short. In a directory, its rules are the directory's business.
SELECT NOT EXISTS (
    SELECT 1
    FROM passwords AS p
    JOIN subjects AS s ON s.user_id = p.user_id AND s.password_directory = ''
    WHERE p.user_id = $1 AND p.stands_alone_as_of IS DISTINCT FROM p.changed_at
) AS stands
