-- People from a file. What was read of it, how its columns are to be understood, and what came of it.
CREATE TABLE imports (
    id           uuid        NOT NULL,
    -- Absent when who did it is gone for good.
    created_by   uuid,
    created_at   timestamptz NOT NULL,
    file_name    text        NOT NULL,
    -- The text of the file; empty once it was imported.
    content      text        NOT NULL,
    -- The field of people that each column holds; empty for none.
    columns      text[]      NOT NULL,
    -- What holds for all of the people, as typed.
    options      jsonb       NOT NULL,
    state        text        NOT NULL,
    -- Whether rows that do not do are left out; else nobody is imported while there is one.
    skips_bad    boolean     NOT NULL,
    -- Whose request began it, for the audit trail.
    request_id   text        NOT NULL,
    -- Rows that were dealt with, of so many.
    rows_done    integer     NOT NULL,
    rows_total   integer     NOT NULL,
    finished_at  timestamptz,
    CONSTRAINT imports_pk PRIMARY KEY (id),
    CONSTRAINT imports_author_fk FOREIGN KEY (created_by) REFERENCES people (id) ON DELETE SET NULL,
    CONSTRAINT imports_state_known CHECK (state IN ('draft', 'checked', 'running', 'done', 'refused', 'failed'))
);
CREATE INDEX imports_by_age ON imports (created_at DESC, id);
CREATE INDEX imports_by_author ON imports (created_by) WHERE created_by IS NOT NULL;

-- What is known of each row: before the import what would come of it, afterwards what came of it.
CREATE TABLE import_rows (
    import_id uuid    NOT NULL,
    -- Line of the file on which the row begins.
    line      integer NOT NULL,
    outcome   text    NOT NULL,
    -- Whom the row added, or who has its address already. What it says goes with them.
    person_id uuid,
    -- User name, address and name as they would be; empty where the row does not tell.
    username  text    NOT NULL,
    email     text    NOT NULL,
    name      text    NOT NULL,
    -- Field, message and what the message is about, for each thing that is wrong.
    problems  jsonb   NOT NULL,
    CONSTRAINT import_rows_pk PRIMARY KEY (import_id, line),
    CONSTRAINT import_rows_import_fk FOREIGN KEY (import_id) REFERENCES imports (id) ON DELETE CASCADE,
    CONSTRAINT import_rows_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT import_rows_outcome_known CHECK (outcome IN ('ready', 'added', 'known', 'bad'))
);
CREATE INDEX import_rows_by_person ON import_rows (person_id) WHERE person_id IS NOT NULL;
