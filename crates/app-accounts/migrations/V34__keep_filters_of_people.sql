-- Searches and filters of the list of people that administrators keep under a name.
CREATE TABLE people_filters (
    id         uuid        NOT NULL,
    owner_id   uuid        NOT NULL,
    name       text        NOT NULL,
    -- As in the address of the list, with nothing in it that the list does not know.
    query      text        NOT NULL,
    -- Whether other administrators see it.
    shared     boolean     NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT people_filters_pk PRIMARY KEY (id),
    CONSTRAINT people_filters_owner_fk FOREIGN KEY (owner_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT people_filters_query_some CHECK (octet_length(query) BETWEEN 1 AND 4000)
);
CREATE UNIQUE INDEX people_filters_name_unique ON people_filters (owner_id, lower(name));
CREATE INDEX people_filters_shared ON people_filters (lower(name)) WHERE shared;
