SELECT count(*) AS total FROM people WHERE life_state <> 'deleted'
