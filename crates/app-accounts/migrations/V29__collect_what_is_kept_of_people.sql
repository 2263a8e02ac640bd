-- Archives of all that is kept of somebody, for themselves or for an administrator who asked.
CREATE TABLE archives (
    id         uuid        NOT NULL,
    person_id  uuid        NOT NULL,
    -- Who alone may open it.
    asked_by   uuid        NOT NULL,
    -- The language of the words in it.
    language   text        NOT NULL,
    state      text        NOT NULL,
    -- The archive while it is ready, and how large it is.
    content    bytea,
    size       bigint      NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    ready_at   timestamptz,
    -- When it is deleted, ready or not.
    expires_at timestamptz NOT NULL,
    CONSTRAINT archives_pk PRIMARY KEY (id),
    CONSTRAINT archives_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT archives_asker_fk FOREIGN KEY (asked_by) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT archives_state_known CHECK (state IN ('collecting', 'ready', 'failed', 'replaced')),
    CONSTRAINT archives_content_while_ready CHECK ((content IS NOT NULL) = (state = 'ready')),
    CONSTRAINT archives_content_bounded CHECK (octet_length(content) <= 33554432)
);
CREATE UNIQUE INDEX archives_one_under_way ON archives (person_id, asked_by) WHERE state = 'collecting';
CREATE UNIQUE INDEX archives_one_kept ON archives (person_id, asked_by) WHERE state = 'ready';
CREATE INDEX archives_by_person ON archives (person_id, created_at DESC);
CREATE INDEX archives_by_asker ON archives (asked_by, created_at);
CREATE INDEX archives_by_end ON archives (expires_at);

-- What one service tells for an archive.
CREATE TABLE archive_parts (
    archive_id uuid    NOT NULL,
    service    text    NOT NULL,
    state      text    NOT NULL DEFAULT 'waiting',
    attempts   integer NOT NULL DEFAULT 0,
    -- What it told, as JSON; gone once it is in the archive.
    records    bytea,
    CONSTRAINT archive_parts_pk PRIMARY KEY (archive_id, service),
    CONSTRAINT archive_parts_archive_fk FOREIGN KEY (archive_id) REFERENCES archives (id) ON DELETE CASCADE,
    CONSTRAINT archive_parts_state_known CHECK (state IN ('waiting', 'done', 'failed'))
);
