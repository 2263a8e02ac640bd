-- Events of this service on their way to the others, and of the others in this service.

CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT outbox_pkey PRIMARY KEY,
    event_id uuid NOT NULL CONSTRAINT outbox_event_id_key UNIQUE,
    kind text NOT NULL,
    subject text NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    occurred_at timestamptz NOT NULL,
    sent_at timestamptz
);
CREATE INDEX outbox_unsent_idx ON outbox (position) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent_idx ON outbox (sent_at) WHERE sent_at IS NOT NULL;

-- The incarnation of the stream the outbox was last relayed to. One row at most.
CREATE TABLE outbox_stream (
    only_row boolean NOT NULL DEFAULT true
        CONSTRAINT outbox_stream_pkey PRIMARY KEY
        CONSTRAINT outbox_stream_only_row_check CHECK (only_row),
    epoch text NOT NULL
);

-- Written in the transaction of the handler: an event that is delivered twice takes effect once.
CREATE TABLE consumed_events (
    event_id uuid CONSTRAINT consumed_events_pkey PRIMARY KEY,
    consumed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX consumed_events_consumed_idx ON consumed_events (consumed_at);

-- Events that could not be handled. The columns of what could not be read are empty.
CREATE TABLE dead_events (
    dead_event_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT dead_events_pkey PRIMARY KEY,
    entry_id text NOT NULL CONSTRAINT dead_events_entry_id_key UNIQUE,
    event_id uuid,
    kind text,
    source text,
    subject text,
    payload bytea,
    occurred_at timestamptz,
    attempts integer NOT NULL,
    reason text NOT NULL,
    failed_at timestamptz NOT NULL DEFAULT now(),
    retry_at timestamptz
);
CREATE INDEX dead_events_event_id_idx ON dead_events (event_id);
CREATE INDEX dead_events_retry_idx ON dead_events (retry_at) WHERE retry_at IS NOT NULL;
