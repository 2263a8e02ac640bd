-- Every attempt to sign in, for whoever asks why somebody could not. Holds nothing that was typed.
CREATE TABLE sign_in_events (
    event_id uuid NOT NULL,
    user_id uuid,
    session_id uuid,
    outcome text NOT NULL,
    reason text NOT NULL,
    device text NOT NULL,
    known_device boolean NOT NULL,
    address text NOT NULL,
    network text NOT NULL,
    request_id text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT sign_in_events_pkey PRIMARY KEY (event_id),
    CONSTRAINT sign_in_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE
);
CREATE INDEX sign_in_events_by_at ON sign_in_events (at DESC);
CREATE INDEX sign_in_events_by_user ON sign_in_events (user_id, at DESC) WHERE user_id IS NOT NULL;
