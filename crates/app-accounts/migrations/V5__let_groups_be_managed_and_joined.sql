-- Who may change the members and the description of a group: people, and everybody in groups.
CREATE TABLE group_managing_people (
    group_id  uuid        NOT NULL,
    person_id uuid        NOT NULL,
    added_at  timestamptz NOT NULL,
    CONSTRAINT group_managing_people_pk PRIMARY KEY (group_id, person_id),
    CONSTRAINT group_managing_people_group_fk FOREIGN KEY (group_id) REFERENCES groups (id) ON DELETE CASCADE,
    CONSTRAINT group_managing_people_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
);
CREATE INDEX group_managing_people_by_person ON group_managing_people (person_id);

CREATE TABLE group_managing_groups (
    group_id   uuid        NOT NULL,
    manager_id uuid        NOT NULL,
    added_at   timestamptz NOT NULL,
    CONSTRAINT group_managing_groups_pk PRIMARY KEY (group_id, manager_id),
    CONSTRAINT group_managing_groups_group_fk FOREIGN KEY (group_id) REFERENCES groups (id) ON DELETE CASCADE,
    CONSTRAINT group_managing_groups_manager_fk FOREIGN KEY (manager_id) REFERENCES groups (id) ON DELETE CASCADE
);
CREATE INDEX group_managing_groups_by_manager ON group_managing_groups (manager_id);

-- How people come into a group by themselves.
ALTER TABLE groups ADD COLUMN joining text NOT NULL DEFAULT 'closed';
ALTER TABLE groups ADD CONSTRAINT groups_joining_known CHECK (joining IN ('closed', 'request', 'open'));
CREATE INDEX groups_joinable ON groups (lower(name), id) WHERE joining <> 'closed';

-- Somebody asks to be let into a group. At most one open request of a person for a group.
CREATE TABLE group_requests (
    id         uuid        NOT NULL,
    group_id   uuid        NOT NULL,
    person_id  uuid        NOT NULL,
    note       text        NOT NULL,
    state      text        NOT NULL,
    -- What the person was told when the request was denied.
    reason     text        NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    decided_at timestamptz,
    CONSTRAINT group_requests_pk PRIMARY KEY (id),
    CONSTRAINT group_requests_group_fk FOREIGN KEY (group_id) REFERENCES groups (id) ON DELETE CASCADE,
    CONSTRAINT group_requests_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT group_requests_state_known CHECK (state IN ('open', 'approved', 'denied', 'withdrawn'))
);
CREATE UNIQUE INDEX group_requests_one_open ON group_requests (group_id, person_id) WHERE state = 'open';
CREATE INDEX group_requests_by_person ON group_requests (person_id, created_at DESC);
