-- Public keys people sign in with (WebAuthn, level 3). What is stored opens nothing.
CREATE TABLE passkeys (
    passkey_id uuid NOT NULL,
    user_id uuid NOT NULL,
    -- How the authenticator names it; unique over everybody (section 7.1, step 26).
    credential_id bytea NOT NULL,
    -- Public key, counter and flags, as the library that verifies them writes them.
    credential jsonb NOT NULL,
    name text NOT NULL,
    -- Model as the authenticator states it (AAGUID): a hint that nothing vouches for.
    model uuid,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    CONSTRAINT passkeys_pkey PRIMARY KEY (passkey_id),
    CONSTRAINT passkeys_credential_id_key UNIQUE (credential_id),
    CONSTRAINT passkeys_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE,
    CONSTRAINT passkeys_name_is_short CHECK (char_length(name) BETWEEN 1 AND 100)
);
CREATE INDEX passkeys_by_user ON passkeys (user_id, created_at);

-- Challenges that were given out and not answered yet, each for one answer. Named by a token of its own, of which
-- only the hash is here: who reads the table can take no challenge up.
CREATE TABLE passkey_challenges (
    token_hash bytea NOT NULL,
    purpose text NOT NULL,
    -- For whom; nobody in particular when somebody signs in.
    user_id uuid,
    state jsonb NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT passkey_challenges_pkey PRIMARY KEY (token_hash),
    CONSTRAINT passkey_challenges_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id)
        ON DELETE CASCADE,
    CONSTRAINT passkey_challenges_purpose_known CHECK (purpose IN ('add', 'sign_in', 'confirm')),
    CONSTRAINT passkey_challenges_sign_in_is_anybodys CHECK ((purpose = 'sign_in') = (user_id IS NULL)),
    CONSTRAINT passkey_challenges_hash_is_sha256 CHECK (octet_length(token_hash) = 32)
);
CREATE INDEX passkey_challenges_by_expires_at ON passkey_challenges (expires_at);
CREATE INDEX passkey_challenges_by_user ON passkey_challenges (user_id) WHERE user_id IS NOT NULL;

-- Who was offered a passkey and said "not now".
CREATE TABLE passkey_refusals (
    user_id uuid NOT NULL,
    refused_at timestamptz NOT NULL,
    CONSTRAINT passkey_refusals_pkey PRIMARY KEY (user_id),
    CONSTRAINT passkey_refusals_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE
);

-- What an administrator asks of one person beyond role and groups.
CREATE TABLE person_requirements (
    user_id uuid NOT NULL,
    requirement text NOT NULL,
    required_at timestamptz NOT NULL,
    CONSTRAINT person_requirements_pkey PRIMARY KEY (user_id),
    CONSTRAINT person_requirements_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE,
    CONSTRAINT person_requirements_requirement_known
        CHECK (requirement IN ('second_factor', 'phishing_resistant'))
);

-- A grace is for one requirement: who meets a stricter one later gets time for that too. An administrator may end it.
ALTER TABLE factor_graces ADD COLUMN requirement text NOT NULL DEFAULT 'second_factor';
ALTER TABLE factor_graces ADD COLUMN ended_at timestamptz;
ALTER TABLE factor_graces ADD CONSTRAINT factor_graces_requirement_known
    CHECK (requirement IN ('second_factor', 'phishing_resistant'));
