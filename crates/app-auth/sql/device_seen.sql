-- Returns whether the device is new: an inserted row has no previous version.
INSERT INTO devices (user_id, device_hash, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $3)
ON CONFLICT (user_id, device_hash) DO UPDATE SET last_seen_at = excluded.last_seen_at
RETURNING xmax = 0 AS is_new
