-- Who may do what with the things of apps. A grant whose end has passed counts nowhere, whether its row is still there
-- or not.
CREATE TABLE grants (
    app_id        text        NOT NULL,
    resource_kind text        NOT NULL,
    resource_id   text COLLATE "C" NOT NULL,
    grantee_kind  text        NOT NULL,
    person_id     uuid,
    group_id      uuid,
    -- Service accounts are auth's: nothing here knows when one is gone.
    service_id    uuid,
    -- One of the three; nil for those who are nobody in particular.
    grantee_id    uuid        NOT NULL GENERATED ALWAYS AS (
        coalesce(person_id, group_id, service_id, '00000000-0000-0000-0000-000000000000'::uuid)
    ) STORED,
    -- 1 read, 2 write, 3 admin: of several the highest counts.
    level         smallint    NOT NULL,
    -- Absent when the app did, or somebody who is gone.
    granted_by    uuid,
    granted_at    timestamptz NOT NULL,
    ends_at       timestamptz,
    CONSTRAINT grants_pk PRIMARY KEY (app_id, resource_kind, resource_id, grantee_kind, grantee_id),
    CONSTRAINT grants_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT grants_group_fk FOREIGN KEY (group_id) REFERENCES groups (id) ON DELETE CASCADE,
    CONSTRAINT grants_granted_by_fk FOREIGN KEY (granted_by) REFERENCES people (id) ON DELETE SET NULL,
    CONSTRAINT grants_grantee_known CHECK (grantee_kind IN ('person', 'group', 'service', 'signed-in', 'public')),
    CONSTRAINT grants_grantee_whole CHECK (
        (grantee_kind = 'person') = (person_id IS NOT NULL)
        AND (grantee_kind = 'group') = (group_id IS NOT NULL)
        AND (grantee_kind = 'service') = (service_id IS NOT NULL)
    ),
    CONSTRAINT grants_level_known CHECK (level BETWEEN 1 AND 3),
    CONSTRAINT grants_not_all_admins CHECK (level < 3 OR grantee_kind NOT IN ('signed-in', 'public')),
    CONSTRAINT grants_resource_bounded CHECK (length(resource_kind) <= 32 AND length(resource_id) <= 128)
);
-- What somebody may reach, by the id of the thing.
CREATE INDEX grants_by_grantee ON grants (app_id, resource_kind, grantee_kind, grantee_id, resource_id);
CREATE INDEX grants_by_person ON grants (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX grants_by_group ON grants (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX grants_by_granter ON grants (granted_by) WHERE granted_by IS NOT NULL;
