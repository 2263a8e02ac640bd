-- Tools without a sign-in of their own. A proxy asks about each of their requests.
CREATE TABLE forward_clients (
    client_id text NOT NULL,
    name text NOT NULL,
    proxy text NOT NULL,
    hosts text[] NOT NULL,
    everyone boolean NOT NULL,
    roles text[] NOT NULL,
    groups text[] NOT NULL,
    created_at timestamptz NOT NULL,
    asked_at timestamptz,
    problem text NOT NULL DEFAULT '',
    CONSTRAINT forward_clients_pkey PRIMARY KEY (client_id),
    CONSTRAINT forward_clients_proxy_known CHECK (proxy IN ('nginx', 'traefik', 'caddy'))
);

-- What carries a sign-in from this platform to the host of a tool: once, within a minute, in one browser.
CREATE TABLE forward_tickets (
    ticket_hash bytea NOT NULL,
    client_id text NOT NULL,
    host text NOT NULL,
    browser_hash bytea NOT NULL,
    session_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT forward_tickets_pkey PRIMARY KEY (ticket_hash),
    CONSTRAINT forward_tickets_client_id_fkey FOREIGN KEY (client_id)
        REFERENCES forward_clients (client_id) ON DELETE CASCADE,
    CONSTRAINT forward_tickets_session_id_fkey FOREIGN KEY (session_id)
        REFERENCES sessions (session_id) ON DELETE CASCADE,
    CONSTRAINT forward_tickets_hash_is_sha256 CHECK (octet_length(ticket_hash) = 32)
);
CREATE INDEX forward_tickets_by_session ON forward_tickets (session_id, created_at);
CREATE INDEX forward_tickets_by_expires_at ON forward_tickets (expires_at);

-- The cookie of one tool at one host. It counts as long as the session behind it does.
CREATE TABLE forward_sessions (
    token_hash bytea NOT NULL,
    client_id text NOT NULL,
    host text NOT NULL,
    session_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT forward_sessions_pkey PRIMARY KEY (token_hash),
    CONSTRAINT forward_sessions_client_id_fkey FOREIGN KEY (client_id)
        REFERENCES forward_clients (client_id) ON DELETE CASCADE,
    CONSTRAINT forward_sessions_session_id_fkey FOREIGN KEY (session_id)
        REFERENCES sessions (session_id) ON DELETE CASCADE,
    CONSTRAINT forward_sessions_hash_is_sha256 CHECK (octet_length(token_hash) = 32)
);
CREATE INDEX forward_sessions_by_session ON forward_sessions (session_id);
