-- Log records of all services, one partition a day: dropping a day costs nothing.
CREATE SEQUENCE log_ids;
CREATE TABLE logs (
    id         bigint      NOT NULL DEFAULT nextval('log_ids'),
    logged_at  timestamptz NOT NULL,
    service    text        NOT NULL,
    -- Severity number of the OpenTelemetry log data model, 1 to 24; 9 is INFO, 13 WARN, 17 ERROR.
    severity   smallint    NOT NULL,
    scope      text        NOT NULL,
    body       text        NOT NULL,
    -- Empty without a trace.
    trace_id   text        NOT NULL,
    span_id    text        NOT NULL,
    attributes jsonb       NOT NULL
) PARTITION BY RANGE (logged_at);
CREATE INDEX logs_by_time ON logs (logged_at DESC, id DESC);
CREATE INDEX logs_by_service ON logs (service, logged_at DESC, id DESC);
CREATE INDEX logs_notable ON logs (logged_at DESC, id DESC) WHERE severity >= 13;
CREATE INDEX logs_by_trace ON logs (trace_id) WHERE trace_id <> '';
