UPDATE passwords SET stands_alone_as_of = changed_at
WHERE user_id = $1 AND phc = $2 AND stands_alone_as_of IS DISTINCT FROM changed_at
