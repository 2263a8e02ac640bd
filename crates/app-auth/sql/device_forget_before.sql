DELETE FROM devices WHERE last_seen_at < $1
