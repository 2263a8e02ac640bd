INSERT INTO group_requests (id, group_id, person_id, note, state, created_at)
VALUES ($1, $2, $3, $4, 'open', $5)
ON CONFLICT (group_id, person_id) WHERE state = 'open' DO NOTHING
