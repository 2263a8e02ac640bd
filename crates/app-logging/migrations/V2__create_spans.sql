-- Spans of all services, one partition a day.
CREATE TABLE spans (
    started_at     timestamptz NOT NULL,
    -- Microseconds.
    duration_us    bigint      NOT NULL,
    service        text        NOT NULL,
    name           text        NOT NULL,
    -- OpenTelemetry span kind: internal, server, client, producer or consumer.
    kind           text        NOT NULL,
    failed         boolean     NOT NULL,
    trace_id       text        NOT NULL,
    span_id        text        NOT NULL,
    -- Empty for the first span of a trace.
    parent_span_id text        NOT NULL,
    attributes     jsonb       NOT NULL
) PARTITION BY RANGE (started_at);
CREATE INDEX spans_by_time ON spans (started_at DESC);
CREATE INDEX spans_by_trace ON spans (trace_id);
CREATE INDEX spans_roots ON spans (started_at DESC) WHERE parent_span_id = '';
