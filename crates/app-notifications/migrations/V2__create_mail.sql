-- Mail that was accepted: one row for each, kept as a record once it is settled.
CREATE TABLE mail (
    mail_id         uuid        NOT NULL,
    -- App that sent it, and its own key for it: the same pair is one mail.
    sender          text        NOT NULL,
    idempotency_key text        NOT NULL,
    template        text        NOT NULL,
    class           text        NOT NULL,
    person_id       uuid,
    -- As administrators see it: `a…@example.org`.
    recipient       text        NOT NULL,
    -- Envelope and message, encrypted; gone once nothing is left to send.
    sealed          bytea,
    state           text        NOT NULL,
    attempts        integer     NOT NULL,
    -- Why the last attempt failed, as a code, and what the mail server said to it.
    trouble         text        NOT NULL,
    reply           text        NOT NULL,
    accepted_at     timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    tried_at        timestamptz,
    settled_at      timestamptz,
    CONSTRAINT mail_pk PRIMARY KEY (mail_id),
    CONSTRAINT mail_once UNIQUE (sender, idempotency_key),
    CONSTRAINT mail_class_known CHECK (class IN ('security', 'normal')),
    CONSTRAINT mail_state_known CHECK (state IN ('queued', 'delivered', 'refused', 'expired')),
    CONSTRAINT mail_wiped_when_settled CHECK ((state = 'queued') = (sealed IS NOT NULL))
);
CREATE INDEX mail_by_acceptance ON mail (accepted_at DESC, mail_id DESC);
CREATE INDEX mail_queued_by_expiry ON mail (expires_at) WHERE state = 'queued';
