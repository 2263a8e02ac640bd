-- What people were told: one row for each person and notification.
CREATE TABLE inbox (
    id              uuid        NOT NULL,
    person_id       uuid        NOT NULL,
    -- App that sent it, and its own key for it: the same pair never arrives twice at one person.
    sender          text        NOT NULL,
    idempotency_key text        NOT NULL,
    kind            text        NOT NULL,
    title_en        text        NOT NULL,
    title_de        text        NOT NULL,
    body_en         text        NOT NULL,
    body_de         text        NOT NULL,
    path            text        NOT NULL,
    created_at      timestamptz NOT NULL,
    read_at         timestamptz,
    -- Set aside by the person; kept for a while so that it can be brought back.
    dismissed_at    timestamptz,
    CONSTRAINT inbox_pk PRIMARY KEY (id),
    CONSTRAINT inbox_once UNIQUE (sender, idempotency_key, person_id)
);
CREATE INDEX inbox_by_person ON inbox (person_id, created_at DESC, id DESC) WHERE dismissed_at IS NULL;
CREATE INDEX inbox_unread ON inbox (person_id) WHERE read_at IS NULL AND dismissed_at IS NULL;
CREATE INDEX inbox_by_dismissal ON inbox (dismissed_at) WHERE dismissed_at IS NOT NULL;
