SELECT ends_on FROM life_cycles WHERE person_id = $1
