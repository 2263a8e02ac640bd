-- What other identity systems call people and groups here.

-- The user name that was sent for a person, as it was sent. Who has none goes by the name they sign in with.
CREATE TABLE provisioned_names (
    person_id uuid NOT NULL,
    user_name text NOT NULL,
    CONSTRAINT provisioned_names_pk PRIMARY KEY (person_id),
    CONSTRAINT provisioned_names_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT provisioned_names_short CHECK (octet_length(user_name) BETWEEN 1 AND 320)
);
CREATE UNIQUE INDEX provisioned_names_unique ON provisioned_names (lower(user_name));

-- Each client's own ids. A client is whom its key belongs to: a service account or a person.
CREATE TABLE provisioned_people (
    client_id   uuid NOT NULL,
    person_id   uuid NOT NULL,
    external_id text NOT NULL,
    CONSTRAINT provisioned_people_pk PRIMARY KEY (client_id, person_id),
    CONSTRAINT provisioned_people_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT provisioned_people_external_unique UNIQUE (client_id, external_id),
    CONSTRAINT provisioned_people_external_short CHECK (octet_length(external_id) BETWEEN 1 AND 255)
);
CREATE INDEX provisioned_people_by_person ON provisioned_people (person_id);

CREATE TABLE provisioned_groups (
    client_id   uuid NOT NULL,
    group_id    uuid NOT NULL,
    external_id text NOT NULL,
    CONSTRAINT provisioned_groups_pk PRIMARY KEY (client_id, group_id),
    CONSTRAINT provisioned_groups_group_fk FOREIGN KEY (group_id) REFERENCES groups (id) ON DELETE CASCADE,
    CONSTRAINT provisioned_groups_external_unique UNIQUE (client_id, external_id),
    CONSTRAINT provisioned_groups_external_short CHECK (octet_length(external_id) BETWEEN 1 AND 255)
);
CREATE INDEX provisioned_groups_by_group ON provisioned_groups (group_id);
