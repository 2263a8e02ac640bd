-- By the program's own code; whoever else presents it waits until the transaction ends.
SELECT
    device_hash, host, name, scopes, app, resource, networks, days, address, network, created_at, expires_at, interval_seconds,
    polled_at, user_id, approved, used_at
FROM device_grants
WHERE device_hash = $1
FOR UPDATE
