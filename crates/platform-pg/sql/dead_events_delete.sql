DELETE FROM dead_events WHERE dead_event_id = $1
