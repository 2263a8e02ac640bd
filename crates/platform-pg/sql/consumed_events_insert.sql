-- Nothing is inserted for an event that took effect before, nor for one that is dead.
INSERT INTO consumed_events (event_id)
SELECT $1::uuid
WHERE NOT EXISTS (SELECT 1 FROM dead_events WHERE event_id = $1)
ON CONFLICT (event_id) DO NOTHING
