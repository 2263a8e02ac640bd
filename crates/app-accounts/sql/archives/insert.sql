INSERT INTO archives (id, person_id, asked_by, language, state, created_at, expires_at)
VALUES ($1, $2, $3, $4, 'collecting', $5, $6)
ON CONFLICT (person_id, asked_by) WHERE state = 'collecting' DO NOTHING
