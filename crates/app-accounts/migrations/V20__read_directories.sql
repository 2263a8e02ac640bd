-- Directories that people and groups come from. What a directory calls somebody is kept like what provisioning clients
-- call them, in provisioned_people and provisioned_groups: its id is the client's.
CREATE TABLE directories (
    id            uuid        NOT NULL,
    name          text        NOT NULL,
    preset        text        NOT NULL,
    host          text        NOT NULL,
    port          integer     NOT NULL,
    security      text        NOT NULL,
    -- The authority that is believed, in PEM; empty for those that everybody believes.
    authority     text        NOT NULL,
    -- The account that reads; empty for nobody in particular.
    bind_dn       text        NOT NULL,
    -- Its password, sealed; the id of the row is the context.
    bind_password bytea,
    people_base   text        NOT NULL,
    people_filter text        NOT NULL,
    -- Empty leaves groups alone.
    groups_base   text        NOT NULL,
    groups_filter text        NOT NULL,
    -- Which attribute means what.
    mapping       jsonb       NOT NULL,
    -- How often it is read; 0 for never by itself.
    every_minutes integer     NOT NULL,
    version       bigint      NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    CONSTRAINT directories_pk PRIMARY KEY (id),
    CONSTRAINT directories_port CHECK (port BETWEEN 1 AND 65535),
    CONSTRAINT directories_security_known CHECK (security IN ('tls', 'starttls', 'plain')),
    CONSTRAINT directories_every CHECK (every_minutes BETWEEN 0 AND 1440)
);
CREATE UNIQUE INDEX directories_name_unique ON directories (lower(name));

CREATE TABLE directory_runs (
    id           uuid        NOT NULL,
    directory_id uuid        NOT NULL,
    -- Who asked for it; absent for the schedule, and when they are gone for good.
    asked_by     uuid,
    state        text        NOT NULL,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz,
    -- How many people and groups it found, and how many steps of each kind it took or would take.
    people_found integer     NOT NULL DEFAULT 0,
    groups_found integer     NOT NULL DEFAULT 0,
    counts       jsonb       NOT NULL,
    -- Whether there was anything to do.
    changes      boolean     NOT NULL DEFAULT false,
    -- At which step it ended and why, as words; what it is about.
    failed_step  text        NOT NULL DEFAULT '',
    failed_why   text        NOT NULL DEFAULT '',
    failed_about text        NOT NULL DEFAULT '',
    -- What it would do, to be shown. It names people: the newest run alone has one, and one that waits for a decision.
    plan         jsonb,
    -- SHA-256 of all steps.
    plan_digest  bytea,
    decided_by   uuid,
    decided_at   timestamptz,
    CONSTRAINT directory_runs_pk PRIMARY KEY (id),
    CONSTRAINT directory_runs_directory_fk FOREIGN KEY (directory_id) REFERENCES directories (id) ON DELETE CASCADE,
    CONSTRAINT directory_runs_asked_by_fk FOREIGN KEY (asked_by) REFERENCES people (id) ON DELETE SET NULL,
    CONSTRAINT directory_runs_decided_by_fk FOREIGN KEY (decided_by) REFERENCES people (id) ON DELETE SET NULL,
    CONSTRAINT directory_runs_state_known CHECK (state IN
        ('running', 'previewed', 'done', 'stopped', 'approved', 'discarded', 'superseded', 'failed'))
);
CREATE INDEX directory_runs_by_age ON directory_runs (directory_id, started_at DESC, id);
CREATE INDEX directory_runs_by_asker ON directory_runs (asked_by) WHERE asked_by IS NOT NULL;
CREATE INDEX directory_runs_by_decider ON directory_runs (decided_by) WHERE decided_by IS NOT NULL;

-- Whether the directory took a person's access. Only then may it give it back: what an administrator did here stays.
ALTER TABLE provisioned_people ADD COLUMN locked boolean NOT NULL DEFAULT false;
