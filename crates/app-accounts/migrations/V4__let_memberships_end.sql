-- A membership may end. From that moment on it counts nowhere, whether its row is still there or not.
ALTER TABLE group_people ADD COLUMN ends_at timestamptz;
ALTER TABLE group_groups ADD COLUMN ends_at timestamptz;
CREATE INDEX group_people_ending ON group_people (ends_at) WHERE ends_at IS NOT NULL;
CREATE INDEX group_groups_ending ON group_groups (ends_at) WHERE ends_at IS NOT NULL;

-- Counts up with each change of the group itself, so that of two edits of one state the second is refused.
ALTER TABLE groups ADD COLUMN version bigint NOT NULL DEFAULT 1;

-- What happened to a person in groups, for their history.
CREATE INDEX audit_by_member ON audit ((changes ->> 'person'), occurred_at DESC) WHERE changes ? 'person';
