-- Counts up with every change; its row lock puts changes in one order, the order in which they become visible.
CREATE TABLE revision (
    only_row boolean NOT NULL DEFAULT true,
    version bigint NOT NULL,
    CONSTRAINT revision_pkey PRIMARY KEY (only_row),
    CONSTRAINT revision_only_row_check CHECK (only_row)
);
INSERT INTO revision (version) VALUES (0);

-- Apps that declare settings, as their newest instance described itself. They stay while the app is away.
CREATE TABLE apps (
    app text NOT NULL,
    name jsonb NOT NULL,
    icon text NOT NULL,
    version text NOT NULL,
    -- The instance the declarations come from. While it lives, an older one changes nothing.
    instance text NOT NULL,
    instance_started_at timestamptz NOT NULL,
    CONSTRAINT apps_pkey PRIMARY KEY (app)
);

CREATE TABLE declarations (
    app text NOT NULL,
    key text NOT NULL,
    position integer NOT NULL,
    declaration jsonb NOT NULL,
    CONSTRAINT declarations_pkey PRIMARY KEY (app, key),
    CONSTRAINT declarations_app_fkey FOREIGN KEY (app) REFERENCES apps (app) ON DELETE CASCADE
);

-- What an operator set. A value outlives its declaration: an app that drops a setting may bring it back.
CREATE TABLE stored_values (
    app text NOT NULL,
    key text NOT NULL,
    value jsonb,
    -- A secret: version, key id, nonce, ciphertext and tag in one.
    envelope bytea,
    revision bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid,
    changed_by_name text NOT NULL,
    CONSTRAINT stored_values_pkey PRIMARY KEY (app, key),
    CONSTRAINT stored_values_one_form_check CHECK ((value IS NULL) <> (envelope IS NULL))
);

-- Who changed what. Values of secrets are never here.
CREATE TABLE history (
    id uuid NOT NULL,
    app text NOT NULL,
    key text NOT NULL,
    action text NOT NULL,
    secret boolean NOT NULL,
    old_value jsonb,
    new_value jsonb,
    revision bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid,
    changed_by_name text NOT NULL,
    CONSTRAINT history_pkey PRIMARY KEY (id),
    CONSTRAINT history_action_check CHECK (action IN ('set', 'reset')),
    CONSTRAINT history_secret_masked_check CHECK (NOT secret OR (old_value IS NULL AND new_value IS NULL))
);
CREATE INDEX history_app_id_idx ON history (app, id DESC);
CREATE INDEX history_app_key_revision_idx ON history (app, key, revision);
