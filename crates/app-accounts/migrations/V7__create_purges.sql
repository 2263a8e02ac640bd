-- People who are gone for good, and who confirmed that nothing of them is left. No names: that is the point.
CREATE TABLE purges (
    person_id  uuid        NOT NULL,
    purged_at  timestamptz NOT NULL,
    -- When the other services were last told.
    told_at    timestamptz NOT NULL,
    CONSTRAINT purges_pk PRIMARY KEY (person_id)
);
CREATE INDEX purges_by_time ON purges (purged_at DESC);

CREATE TABLE purge_confirmations (
    person_id    uuid        NOT NULL,
    service      text        NOT NULL,
    confirmed_at timestamptz NOT NULL,
    CONSTRAINT purge_confirmations_pk PRIMARY KEY (person_id, service),
    CONSTRAINT purge_confirmations_purge_fk FOREIGN KEY (person_id) REFERENCES purges (person_id) ON DELETE CASCADE
);
