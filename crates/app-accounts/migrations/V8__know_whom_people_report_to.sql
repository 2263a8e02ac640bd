-- What else is known of a person, and whom they report to. The manager stays while they are in the trash, so that
-- restoring them restores the line; only who is gone for good manages nobody.
ALTER TABLE people
    ADD COLUMN given_name  text NOT NULL DEFAULT '',
    ADD COLUMN family_name text NOT NULL DEFAULT '',
    ADD COLUMN manager_id  uuid,
    ADD CONSTRAINT people_manager_fk FOREIGN KEY (manager_id) REFERENCES people (id) ON DELETE SET NULL,
    ADD CONSTRAINT people_manager_other CHECK (manager_id <> id);
CREATE INDEX people_by_manager ON people (manager_id, lower(display_name), id) WHERE manager_id IS NOT NULL;

-- People are found by their names, title and department, too. The expression of a generated column cannot be changed.
ALTER TABLE people DROP COLUMN search;
ALTER TABLE people ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
    to_tsvector('simple', display_name || ' ' || given_name || ' ' || family_name || ' ' || username || ' ' || email
        || ' ' || title || ' ' || department || ' '
        || regexp_replace(username || ' ' || email || ' ' || title || ' ' || department, '[@._+/&-]+', ' ', 'g'))
) STORED;
CREATE INDEX people_search ON people USING gin (search);
