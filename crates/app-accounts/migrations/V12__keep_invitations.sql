-- How far the invitation of a person got, and what it said. One for a person: it is their last, and goes with them.
-- Whether it is open is said by the person's state.
CREATE TABLE invitations (
    person_id  uuid        NOT NULL,
    -- Absent when the operator invited, or who did is gone for good.
    invited_by uuid,
    -- Words of the inviting person, for the mail; may be empty.
    message    text        NOT NULL,
    -- How long its links work.
    lasts_days smallint    NOT NULL,
    state      text        NOT NULL,
    created_at timestamptz NOT NULL,
    -- When the state last changed.
    changed_at timestamptz NOT NULL,
    -- Until when the last link works; absent when there was none.
    expires_at timestamptz,
    CONSTRAINT invitations_pk PRIMARY KEY (person_id),
    CONSTRAINT invitations_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT invitations_inviter_fk FOREIGN KEY (invited_by) REFERENCES people (id) ON DELETE SET NULL,
    CONSTRAINT invitations_lasts_some_days CHECK (lasts_days BETWEEN 1 AND 30),
    CONSTRAINT invitations_state_known CHECK (state IN ('new', 'sending', 'sent', 'unsent', 'shown', 'revoked'))
);
CREATE INDEX invitations_by_inviter ON invitations (invited_by) WHERE invited_by IS NOT NULL;
CREATE INDEX invitations_by_age ON invitations (created_at DESC, person_id);

-- What was done with the links of those who are invited already is not known here.
INSERT INTO invitations (person_id, message, lasts_days, state, created_at, changed_at)
SELECT id, '', 3, 'new', created_at, created_at FROM people WHERE life_state = 'invited';
