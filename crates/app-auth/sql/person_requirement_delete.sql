DELETE FROM person_requirements WHERE user_id = $1
