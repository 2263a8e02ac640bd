INSERT INTO group_managing_people (group_id, person_id, added_at)
VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT group_managing_people_pk DO NOTHING
