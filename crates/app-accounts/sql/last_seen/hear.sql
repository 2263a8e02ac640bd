-- Two runs that overlap leave the later moment.
INSERT INTO last_seen_heard (known_at) VALUES ($1)
ON CONFLICT (id) DO UPDATE SET known_at = greatest(last_seen_heard.known_at, excluded.known_at)
