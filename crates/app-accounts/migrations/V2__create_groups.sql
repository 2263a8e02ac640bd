-- Groups of people. A group may be a member of other groups, never of itself, directly or not.
CREATE TABLE groups (
    id          uuid        NOT NULL,
    name        text        NOT NULL,
    description text        NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT groups_pk PRIMARY KEY (id)
);
CREATE UNIQUE INDEX groups_name_unique ON groups (lower(name));

CREATE TABLE group_people (
    group_id  uuid        NOT NULL,
    person_id uuid        NOT NULL,
    added_at  timestamptz NOT NULL,
    CONSTRAINT group_people_pk PRIMARY KEY (group_id, person_id),
    CONSTRAINT group_people_group_fk FOREIGN KEY (group_id) REFERENCES groups (id) ON DELETE CASCADE,
    CONSTRAINT group_people_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
);
CREATE INDEX group_people_by_person ON group_people (person_id);

CREATE TABLE group_groups (
    group_id  uuid        NOT NULL,
    member_id uuid        NOT NULL,
    added_at  timestamptz NOT NULL,
    CONSTRAINT group_groups_pk PRIMARY KEY (group_id, member_id),
    CONSTRAINT group_groups_group_fk FOREIGN KEY (group_id) REFERENCES groups (id) ON DELETE CASCADE,
    CONSTRAINT group_groups_member_fk FOREIGN KEY (member_id) REFERENCES groups (id) ON DELETE CASCADE,
    CONSTRAINT group_groups_not_itself CHECK (group_id <> member_id)
);
CREATE INDEX group_groups_by_member ON group_groups (member_id);
