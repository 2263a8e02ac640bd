-- When people were last seen, as auth tells it once an hour. Nobody's version counts up by it.
CREATE TABLE last_seen (
    person_id uuid        NOT NULL,
    seen_at   timestamptz NOT NULL,
    CONSTRAINT last_seen_pk PRIMARY KEY (person_id),
    CONSTRAINT last_seen_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
);

-- How far auth was listened to; one row, or none before the first time.
CREATE TABLE last_seen_heard (
    id       smallint    NOT NULL DEFAULT 1,
    -- All that happened until then is in last_seen.
    known_at timestamptz NOT NULL,
    CONSTRAINT last_seen_heard_pk PRIMARY KEY (id),
    CONSTRAINT last_seen_heard_is_one CHECK (id = 1)
);
