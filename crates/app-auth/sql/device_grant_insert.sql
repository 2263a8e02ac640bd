-- Nothing where as many wait as may, from this network or in all. Of requests at one moment each may see the last place
-- free: how many those can be, the pool of connections bounds.
INSERT INTO device_grants (
    device_hash, user_hash, host, name, scopes, app, resource, networks, days, address, network, created_at,
    expires_at, interval_seconds
)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
WHERE (SELECT count(*) FROM device_grants WHERE network = $11 AND expires_at > $12 AND approved IS NULL) < $15
    AND (SELECT count(*) FROM device_grants WHERE expires_at > $12 AND approved IS NULL) < $16
ON CONFLICT ON CONSTRAINT device_grants_user_hash_key DO NOTHING
