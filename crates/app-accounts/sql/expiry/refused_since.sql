SELECT EXISTS (
    SELECT FROM life_cycle_steps WHERE person_id = $1 AND action = 'refused' AND at > $2
) AS refused
