-- Ends that follow from the kind of a person, reminders before an end, and what each run of the life cycle did.
CREATE TABLE life_cycles (
    person_id    uuid NOT NULL,
    -- Last day by the days of the kind, in UTC; people.ends_on goes before it. Absent: for ever.
    ends_on      date,
    -- From when these days are counted, where not from the day the person was added.
    counted_from date,
    -- Since when the person is expired: the grace is counted from it.
    expired_at   timestamptz,
    CONSTRAINT life_cycles_pk PRIMARY KEY (person_id),
    CONSTRAINT life_cycles_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
);
CREATE INDEX life_cycles_ending ON life_cycles (ends_on) WHERE ends_on IS NOT NULL;
CREATE INDEX life_cycles_expired ON life_cycles (expired_at) WHERE expired_at IS NOT NULL;

-- Each reminder of each end, once.
CREATE TABLE expiry_reminders (
    id          uuid        NOT NULL,
    person_id   uuid        NOT NULL,
    -- The end it speaks of.
    ends_on     date        NOT NULL,
    -- How many days before at the earliest.
    days        smallint    NOT NULL,
    -- Who is sent a link by which the account goes on; absent when nobody is.
    extender_id uuid,
    created_at  timestamptz NOT NULL,
    used_at     timestamptz,
    CONSTRAINT expiry_reminders_pk PRIMARY KEY (id),
    CONSTRAINT expiry_reminders_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT expiry_reminders_extender_fk FOREIGN KEY (extender_id) REFERENCES people (id) ON DELETE SET NULL,
    CONSTRAINT expiry_reminders_days_known CHECK (days IN (7, 30)),
    CONSTRAINT expiry_reminders_once UNIQUE (person_id, ends_on, days)
);
CREATE INDEX expiry_reminders_by_extender ON expiry_reminders (extender_id) WHERE extender_id IS NOT NULL;

-- What links hold, as SHA-256. A mail that is written again holds another link; any of them works, and then none.
CREATE TABLE extension_links (
    token_hash  bytea NOT NULL,
    reminder_id uuid  NOT NULL,
    CONSTRAINT extension_links_pk PRIMARY KEY (token_hash),
    CONSTRAINT extension_links_reminder_fk FOREIGN KEY (reminder_id) REFERENCES expiry_reminders (id) ON DELETE CASCADE
);
CREATE INDEX extension_links_by_reminder ON extension_links (reminder_id);

CREATE TABLE life_cycle_runs (
    id       uuid        NOT NULL,
    -- Absent when the schedule began it, or who did is gone for good.
    begun_by uuid,
    by_hand  boolean     NOT NULL,
    begun_at timestamptz NOT NULL,
    -- Absent while it runs, or when it did not get to its end.
    ended_at timestamptz,
    CONSTRAINT life_cycle_runs_pk PRIMARY KEY (id),
    CONSTRAINT life_cycle_runs_beginner_fk FOREIGN KEY (begun_by) REFERENCES people (id) ON DELETE SET NULL
);
CREATE INDEX life_cycle_runs_by_age ON life_cycle_runs (begun_at DESC, id);
CREATE INDEX life_cycle_runs_by_beginner ON life_cycle_runs (begun_by) WHERE begun_by IS NOT NULL;

-- What a run did with whom, and why. Of whom who is gone for good nothing but the id is left.
CREATE TABLE life_cycle_steps (
    run_id    uuid        NOT NULL,
    person_id uuid        NOT NULL,
    action    text        NOT NULL,
    reason    text        NOT NULL,
    ends_on   date,
    at        timestamptz NOT NULL,
    CONSTRAINT life_cycle_steps_pk PRIMARY KEY (run_id, person_id, action),
    CONSTRAINT life_cycle_steps_run_fk FOREIGN KEY (run_id) REFERENCES life_cycle_runs (id) ON DELETE CASCADE,
    CONSTRAINT life_cycle_steps_action_known CHECK (action IN ('reminded', 'expired', 'trashed', 'refused'))
);
CREATE INDEX life_cycle_steps_by_person ON life_cycle_steps (person_id, at);
