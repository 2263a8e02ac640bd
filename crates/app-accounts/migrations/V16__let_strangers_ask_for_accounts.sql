-- Somebody who has no account asks for one. Nothing counts before they follow a link that is sent to their address.
CREATE TABLE account_requests (
    id           uuid        NOT NULL,
    email        text        NOT NULL,
    display_name text        NOT NULL,
    -- What they say about themselves; may be empty.
    note         text        NOT NULL,
    -- The language of the page they asked on.
    locale       text        NOT NULL,
    state        text        NOT NULL,
    -- SHA-256 of what the link holds.
    token_hash   bytea       NOT NULL,
    created_at   timestamptz NOT NULL,
    -- Until when the link works.
    expires_at   timestamptz NOT NULL,
    proven_at    timestamptz,
    decided_at   timestamptz,
    -- What they were told when it was denied.
    reason       text        NOT NULL DEFAULT '',
    CONSTRAINT account_requests_pk PRIMARY KEY (id),
    CONSTRAINT account_requests_state_known CHECK (state IN ('unproven', 'open', 'approved', 'denied'))
);
CREATE UNIQUE INDEX account_requests_token ON account_requests (token_hash);
-- A new link ends the one before, and nobody waits twice.
CREATE UNIQUE INDEX account_requests_one_each ON account_requests (lower(email), state)
    WHERE state IN ('unproven', 'open');
CREATE INDEX account_requests_by_age ON account_requests (state, proven_at);
