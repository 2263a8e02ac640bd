-- People as sign-in needs to know them: a projection of what accounts owns, replaced whole by version.
-- Names are not unique here: while a rename is on its way two rows may hold one name, and a name that is held
-- twice signs nobody in.
CREATE TABLE subjects (
    user_id uuid NOT NULL,
    username text NOT NULL,
    username_key text NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,
    display_name text NOT NULL,
    role text NOT NULL,
    state text NOT NULL,
    groups text[] NOT NULL,
    locale text NOT NULL,
    zone text NOT NULL,
    theme text NOT NULL,
    version bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT subjects_pkey PRIMARY KEY (user_id),
    CONSTRAINT subjects_role_known CHECK (role IN ('guest', 'user', 'admin')),
    CONSTRAINT subjects_state_known CHECK (state IN ('invited', 'active', 'disabled'))
);
CREATE INDEX subjects_by_username ON subjects (username_key);
CREATE INDEX subjects_by_email ON subjects (email_key) WHERE email_key <> '';
CREATE INDEX subjects_by_changed_at ON subjects (changed_at);
CREATE INDEX subjects_admins ON subjects (user_id) WHERE role = 'admin';

-- One password per person, as a PHC string.
CREATE TABLE passwords (
    user_id uuid NOT NULL,
    phc text NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT passwords_pkey PRIMARY KEY (user_id),
    CONSTRAINT passwords_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE,
    CONSTRAINT passwords_phc_is_argon2id CHECK (phc LIKE '$argon2id$%')
);

-- Browsers a person signed in with before, by the hash of a cookie.
CREATE TABLE devices (
    user_id uuid NOT NULL,
    device_hash bytea NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    CONSTRAINT devices_pkey PRIMARY KEY (user_id, device_hash),
    CONSTRAINT devices_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE,
    CONSTRAINT devices_hash_is_sha256 CHECK (octet_length(device_hash) = 32)
);

-- The truth about sessions. Redis holds copies that may vanish at any time.
CREATE TABLE sessions (
    session_id uuid NOT NULL,
    user_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    factors text[] NOT NULL,
    device text NOT NULL,
    address text NOT NULL,
    created_at timestamptz NOT NULL,
    authenticated_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text,
    CONSTRAINT sessions_pkey PRIMARY KEY (session_id),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE,
    CONSTRAINT sessions_token_hash_key UNIQUE (token_hash),
    CONSTRAINT sessions_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
    CONSTRAINT sessions_end_has_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX sessions_live_by_user ON sessions (user_id, created_at DESC) WHERE ended_at IS NULL;
CREATE INDEX sessions_by_ended_at ON sessions (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_by_expires_at ON sessions (expires_at);

-- One-use links with which a person sets their own password.
CREATE TABLE invitations (
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    invited_by uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT invitations_pkey PRIMARY KEY (token_hash),
    CONSTRAINT invitations_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE,
    CONSTRAINT invitations_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32)
);
CREATE INDEX invitations_by_user ON invitations (user_id);

-- One-use links with which the first administrator is made.
CREATE TABLE setup_links (
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT setup_links_pkey PRIMARY KEY (token_hash),
    CONSTRAINT setup_links_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32)
);

-- Keys that sign identity assertions, sealed with a key derived from APP_SECRET.
CREATE TABLE signing_keys (
    key_id text NOT NULL,
    sealed_jwk bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT signing_keys_pkey PRIMARY KEY (key_id)
);
