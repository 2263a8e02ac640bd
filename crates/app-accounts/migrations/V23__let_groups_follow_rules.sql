-- By what people are in a group without being put there: conditions as JSON, or none.
ALTER TABLE groups ADD COLUMN rule jsonb;
CREATE INDEX groups_by_rule ON groups (id) WHERE rule IS NOT NULL;

-- A membership that is there by the rule of the group, and goes with it. One that somebody gave stays what it is.
ALTER TABLE group_people ADD COLUMN by_rule boolean NOT NULL DEFAULT false;
