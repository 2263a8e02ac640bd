SELECT person_id, mark FROM movement_marks WHERE person_id = ANY ($1)
