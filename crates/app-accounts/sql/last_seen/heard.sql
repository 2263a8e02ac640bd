SELECT known_at FROM last_seen_heard
