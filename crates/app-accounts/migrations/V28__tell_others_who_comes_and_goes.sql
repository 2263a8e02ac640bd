-- What of people makes a movement when it changes, as it was at their last change.
CREATE TABLE movement_marks (
    person_id uuid  NOT NULL,
    mark      jsonb NOT NULL,
    CONSTRAINT movement_marks_pk PRIMARY KEY (person_id),
    CONSTRAINT movement_marks_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
);

-- Whoever is here already does not come by their next change.
WITH RECURSIVE belongs (person_id, group_id) AS (
    SELECT person_id, group_id FROM group_people WHERE ends_at IS NULL OR ends_at > now()
    UNION
    SELECT b.person_id, gg.group_id FROM belongs b JOIN group_groups gg ON gg.member_id = b.group_id
    WHERE gg.ends_at IS NULL OR gg.ends_at > now()
), grouped AS (
    SELECT person_id, jsonb_agg(group_id ORDER BY group_id) AS groups FROM belongs GROUP BY person_id
)
INSERT INTO movement_marks (person_id, mark)
SELECT p.id, jsonb_build_object('state', p.life_state, 'title', p.title, 'department', p.department,
                                'manager', p.manager_id, 'groups', COALESCE(g.groups, '[]'))
FROM people p
LEFT JOIN grouped g ON g.person_id = p.id;

-- Addresses that are told.
CREATE TABLE webhooks (
    id            uuid        NOT NULL,
    name          text        NOT NULL,
    url           text        NOT NULL,
    -- Kinds of events it is told of.
    events        text[]      NOT NULL,
    -- What signs, sealed; the id of the row is the context. The one before signs as well until it is over.
    secret        bytea       NOT NULL,
    former_secret bytea,
    former_until  timestamptz,
    -- Why it is told nothing; absent while it is.
    off_reason    text,
    -- Since when nothing has arrived; absent where the last attempt did.
    failing_since timestamptz,
    delivered_at  timestamptz,
    version       bigint      NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    CONSTRAINT webhooks_pk PRIMARY KEY (id),
    CONSTRAINT webhooks_off_known CHECK (off_reason IN ('by_hand', 'failing', 'gone')),
    CONSTRAINT webhooks_events_some CHECK (cardinality(events) > 0),
    CONSTRAINT webhooks_former_ends CHECK ((former_secret IS NULL) = (former_until IS NULL))
);
CREATE UNIQUE INDEX webhooks_name_unique ON webhooks (lower(name));

-- One event for one of them.
CREATE TABLE webhook_deliveries (
    -- The same however often it is sent.
    id           uuid        NOT NULL,
    webhook_id   uuid        NOT NULL,
    event        text        NOT NULL,
    body         text        NOT NULL,
    state        text        NOT NULL,
    -- Counts the planned attempts: a job that belongs to a former one does nothing.
    turn         integer     NOT NULL DEFAULT 1,
    attempts     integer     NOT NULL DEFAULT 0,
    -- What was answered to the last attempt, or why nothing was.
    status       smallint,
    fault        text        NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    attempted_at timestamptz,
    next_at      timestamptz,
    CONSTRAINT webhook_deliveries_pk PRIMARY KEY (id),
    CONSTRAINT webhook_deliveries_webhook_fk FOREIGN KEY (webhook_id) REFERENCES webhooks (id) ON DELETE CASCADE,
    CONSTRAINT webhook_deliveries_state_known CHECK (state IN ('waiting', 'delivered', 'failed', 'dropped'))
);
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, created_at DESC, id);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);
