-- Why somebody has no access, when an account ends, and the trash. `state` stays what other services are told, and what
-- the release before this one understands: whoever it gives access to is out of the trash by that.
ALTER TABLE people
    -- Last day the account counts, in UTC; absent for ever.
    ADD COLUMN ends_on     date,
    ADD COLUMN locked_by   text,
    ADD COLUMN trashed_at  timestamptz,
    -- What restoring makes of the person.
    ADD COLUMN restores_to text,
    ADD CONSTRAINT people_locked_by_known CHECK (locked_by IN ('end', 'trash')),
    ADD CONSTRAINT people_restores_to_known CHECK (restores_to IN ('invited', 'active', 'suspended', 'expired')),
    ADD CONSTRAINT people_trash_dated CHECK (locked_by <> 'trash' OR (trashed_at IS NOT NULL AND restores_to IS NOT NULL));
ALTER TABLE people
    ADD COLUMN life_state text NOT NULL GENERATED ALWAYS AS (
        CASE
            WHEN state <> 'disabled' THEN state
            WHEN locked_by = 'trash' THEN 'deleted'
            WHEN locked_by = 'end' THEN 'expired'
            ELSE 'suspended'
        END
    ) STORED;
CREATE INDEX people_ending ON people (ends_on) WHERE state <> 'disabled' AND ends_on IS NOT NULL;
CREATE INDEX people_in_trash ON people (trashed_at) WHERE locked_by = 'trash';
