INSERT INTO purges (person_id, purged_at, told_at)
VALUES ($1, $2, $2)
