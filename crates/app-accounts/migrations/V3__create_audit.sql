-- Who changed what, and what was refused. Rows are only ever added.
CREATE TABLE audit (
    id          uuid        NOT NULL,
    occurred_at timestamptz NOT NULL,
    -- Absent when the platform itself acted.
    actor_id    uuid,
    actor_name  text        NOT NULL,
    action      text        NOT NULL,
    outcome     text        NOT NULL,
    target_kind text        NOT NULL,
    target_id   uuid,
    target_name text        NOT NULL,
    -- Field to [old, new].
    changes     jsonb       NOT NULL,
    request_id  text        NOT NULL,
    CONSTRAINT audit_pk PRIMARY KEY (id),
    CONSTRAINT audit_outcome_known CHECK (outcome IN ('done', 'refused'))
);
CREATE INDEX audit_by_time ON audit (occurred_at DESC, id);
CREATE INDEX audit_by_target ON audit (target_id, occurred_at DESC);
