-- One that waits for a decision. Held, so that two decisions at one moment are one.
SELECT
    device_hash, host, name, scopes, app, resource, networks, days, address, network, created_at, expires_at, interval_seconds,
    polled_at, user_id, approved, used_at
FROM device_grants
WHERE user_hash = $1 AND approved IS NULL AND expires_at > $2
FOR UPDATE
