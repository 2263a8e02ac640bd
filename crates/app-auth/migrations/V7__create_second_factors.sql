-- Seeds of one-time passwords (RFC 6238), sealed. The last step that was taken never works again.
CREATE TABLE totp_seeds (
    user_id uuid NOT NULL,
    sealed_seed bytea NOT NULL,
    last_step bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT totp_seeds_pkey PRIMARY KEY (user_id),
    CONSTRAINT totp_seeds_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE
);

-- Codes on paper, each for one use, by their HMAC.
CREATE TABLE recovery_codes (
    user_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash),
    CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE,
    CONSTRAINT recovery_codes_hash_is_sha256 CHECK (octet_length(code_hash) = 32)
);

-- Wrong second proofs in a row. Only a right one begins anew, not another sign-in.
CREATE TABLE second_factor_failures (
    user_id uuid NOT NULL,
    failures integer NOT NULL,
    last_failed_at timestamptz NOT NULL,
    CONSTRAINT second_factor_failures_pkey PRIMARY KEY (user_id),
    CONSTRAINT second_factor_failures_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id)
        ON DELETE CASCADE,
    CONSTRAINT second_factor_failures_not_negative CHECK (failures >= 0)
);

-- Who has to prove more than the first way of signing in. The strictest row that fits counts.
CREATE TABLE factor_requirements (
    audience text NOT NULL,
    name text NOT NULL,
    requirement text NOT NULL,
    CONSTRAINT factor_requirements_pkey PRIMARY KEY (audience, name),
    CONSTRAINT factor_requirements_audience_known CHECK (audience IN ('role', 'group')),
    CONSTRAINT factor_requirements_requirement_known
        CHECK (requirement IN ('second_factor', 'phishing_resistant'))
);
INSERT INTO factor_requirements (audience, name, requirement) VALUES ('role', 'admin', 'second_factor');

-- When somebody was first told that they need more than they have.
CREATE TABLE factor_graces (
    user_id uuid NOT NULL,
    began_at timestamptz NOT NULL,
    CONSTRAINT factor_graces_pkey PRIMARY KEY (user_id),
    CONSTRAINT factor_graces_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE
);
