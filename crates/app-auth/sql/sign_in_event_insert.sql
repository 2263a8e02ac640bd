INSERT INTO sign_in_events (
    event_id, user_id, session_id, outcome, reason, device, known_device, address, network, request_id, at
)
VALUES (
    $1,
    -- Nobody else's id but a person's: an event about somebody unknown is kept without.
    (SELECT user_id FROM subjects WHERE user_id = $2),
    $3, $4, $5, $6, $7, $8, $9, $10, $11
)
