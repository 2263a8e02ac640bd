-- What an organisation wants to know of people besides what everybody does, and what it knows.
CREATE TABLE custom_fields (
    id         uuid        NOT NULL,
    -- For programs and exports; never changes.
    name       text        NOT NULL,
    label_en   text        NOT NULL,
    label_de   text        NOT NULL,
    kind       text        NOT NULL,
    choices    text[]      NOT NULL DEFAULT '{}',
    visible_to text        NOT NULL,
    edited_by  text        NOT NULL,
    position   integer     NOT NULL,
    created_at timestamptz NOT NULL,
    -- Since when nobody sees it; its values are kept for a while.
    retired_at timestamptz,
    CONSTRAINT custom_fields_pk PRIMARY KEY (id),
    CONSTRAINT custom_fields_kind_known CHECK (kind IN ('text', 'number', 'date', 'choice', 'yes_no', 'link')),
    CONSTRAINT custom_fields_visible_known CHECK (visible_to IN ('everyone', 'person', 'administrators')),
    CONSTRAINT custom_fields_edited_known CHECK (edited_by IN ('person', 'administrators')),
    CONSTRAINT custom_fields_edited_seen CHECK (edited_by = 'administrators' OR visible_to <> 'administrators')
);
CREATE UNIQUE INDEX custom_fields_name_unique ON custom_fields (name);

-- Absent rather than empty.
CREATE TABLE custom_values (
    person_id uuid NOT NULL,
    field_id  uuid NOT NULL,
    value     text NOT NULL,
    CONSTRAINT custom_values_pk PRIMARY KEY (person_id, field_id),
    CONSTRAINT custom_values_person_fk FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT custom_values_field_fk FOREIGN KEY (field_id) REFERENCES custom_fields (id) ON DELETE CASCADE
);
CREATE INDEX custom_values_by_field ON custom_values (field_id);
