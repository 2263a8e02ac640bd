-- Forms that wait until their sender has confirmed who they are. What was typed may be a secret: it is sealed.
CREATE TABLE held_forms (
    form_id uuid NOT NULL,
    user_id uuid NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT held_forms_pkey PRIMARY KEY (form_id),
    CONSTRAINT held_forms_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE,
    CONSTRAINT held_forms_sealed_is_bounded CHECK (octet_length(sealed) <= 1048576)
);
CREATE INDEX held_forms_by_user_id ON held_forms (user_id, created_at);
CREATE INDEX held_forms_by_created_at ON held_forms (created_at);
