-- Programs without a browser that wait for a person to let them act (RFC 8628). Both codes are here as hashes only: the
-- long one as its SHA-256, the short one, which could be tried through, under a key that is not in the database.
CREATE TABLE device_grants (
    device_hash bytea NOT NULL,
    user_hash bytea NOT NULL,
    -- What the program says of itself; nobody vouches for it.
    host text NOT NULL,
    name text NOT NULL,
    scopes text[] NOT NULL,
    app text NOT NULL,
    resource text NOT NULL,
    networks text[] NOT NULL,
    days smallint NOT NULL,
    -- Where it asked from.
    address text NOT NULL,
    network text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    interval_seconds smallint NOT NULL,
    polled_at timestamptz,
    -- Who decided; the key will be theirs.
    user_id uuid,
    approved boolean,
    used_at timestamptz,
    CONSTRAINT device_grants_pkey PRIMARY KEY (device_hash),
    CONSTRAINT device_grants_user_hash_key UNIQUE (user_hash),
    CONSTRAINT device_grants_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE,
    CONSTRAINT device_grants_hashes_are_sha256 CHECK (octet_length(device_hash) = 32 AND octet_length(user_hash) = 32),
    CONSTRAINT device_grants_decision_is_somebodys CHECK ((user_id IS NULL) = (approved IS NULL)),
    CONSTRAINT device_grants_used_after_approval CHECK (used_at IS NULL OR approved)
);
CREATE INDEX device_grants_by_expires_at ON device_grants (expires_at);
CREATE INDEX device_grants_by_network ON device_grants (network, expires_at);
CREATE INDEX device_grants_by_user ON device_grants (user_id) WHERE user_id IS NOT NULL;
