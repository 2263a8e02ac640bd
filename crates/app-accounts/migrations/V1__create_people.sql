-- People of the organisation. Names, mail addresses and user names are compared without regard to case.
CREATE TABLE people (
    id            uuid        NOT NULL,
    username      text        NOT NULL,
    email         text        NOT NULL,
    display_name  text        NOT NULL,
    title         text        NOT NULL DEFAULT '',
    department    text        NOT NULL DEFAULT '',
    phone         text        NOT NULL DEFAULT '',
    role          text        NOT NULL,
    state         text        NOT NULL,
    locale        text        NOT NULL DEFAULT '',
    zone          text        NOT NULL DEFAULT '',
    theme         text        NOT NULL DEFAULT '',
    version       bigint      NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    -- Words to find a person by; addresses and names also in their parts.
    search        tsvector    NOT NULL GENERATED ALWAYS AS (
        to_tsvector('simple', display_name || ' ' || username || ' ' || email || ' ' || department || ' '
            || regexp_replace(username || ' ' || email, '[@._+-]+', ' ', 'g'))
    ) STORED,
    CONSTRAINT people_pk PRIMARY KEY (id),
    CONSTRAINT people_role_known CHECK (role IN ('guest', 'user', 'admin')),
    CONSTRAINT people_state_known CHECK (state IN ('invited', 'active', 'disabled'))
);
CREATE UNIQUE INDEX people_username_unique ON people (lower(username));
CREATE UNIQUE INDEX people_email_unique ON people (lower(email));
CREATE INDEX people_by_name ON people (lower(display_name), id);
CREATE INDEX people_by_created ON people (created_at, id);
CREATE INDEX people_search ON people USING gin (search);
CREATE INDEX people_administrators ON people (id) WHERE role = 'admin' AND state = 'active';

-- Pictures of people, kept apart so that lists never read them.
CREATE TABLE avatars (
    person_id    uuid        NOT NULL,
    content_type text        NOT NULL,
    content      bytea       NOT NULL,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT avatars_pk PRIMARY KEY (person_id),
    CONSTRAINT avatars_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT avatars_content_small CHECK (octet_length(content) <= 49152)
);
