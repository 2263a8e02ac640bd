UPDATE dead_events SET retry_at = NULL, attempts = attempts + 1, reason = $2, failed_at = now()
WHERE dead_event_id = $1
