-- Only what could be read can be tried again.
UPDATE dead_events SET retry_at = now()
WHERE dead_event_id = $1 AND event_id IS NOT NULL AND payload IS NOT NULL
