DELETE FROM sign_in_events WHERE at < $1
