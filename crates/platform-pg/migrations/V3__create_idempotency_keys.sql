-- What was answered to a create that named a key, so that repeating it makes nothing twice. Written in the transaction
-- that makes the thing: there is a row if and only if there is the thing.
CREATE TABLE idempotency_keys (
    caller_id uuid NOT NULL,
    idempotency_key text NOT NULL
        CONSTRAINT idempotency_keys_key_check CHECK (char_length(idempotency_key) BETWEEN 1 AND 200),
    -- SHA-256 of what was asked.
    fingerprint bytea NOT NULL
        CONSTRAINT idempotency_keys_fingerprint_check CHECK (octet_length(fingerprint) = 32),
    status smallint NOT NULL,
    location text NOT NULL,
    body text NOT NULL CONSTRAINT idempotency_keys_body_check CHECK (octet_length(body) <= 65536),
    created_at timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (caller_id, idempotency_key)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);
