-- Programs that act in their own name, each with a person who answers for it. Never an administrator.
CREATE TABLE service_accounts (
    service_account_id uuid NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    owner_id uuid,
    role text NOT NULL,
    enabled boolean NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT service_accounts_pkey PRIMARY KEY (service_account_id),
    CONSTRAINT service_accounts_name_key UNIQUE (name),
    CONSTRAINT service_accounts_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES subjects (user_id) ON DELETE SET NULL,
    CONSTRAINT service_accounts_role_known CHECK (role IN ('guest', 'user'))
);
CREATE INDEX service_accounts_by_owner ON service_accounts (owner_id);

-- Keys of people and of service accounts. The secret is here as its SHA-256 only. A key without a scope would be
-- read as one that may do everything, so there is none.
CREATE TABLE api_keys (
    key_id uuid NOT NULL,
    public_id text NOT NULL,
    secret_hash bytea NOT NULL,
    user_id uuid,
    service_account_id uuid,
    name text NOT NULL,
    scopes text[] NOT NULL,
    app text NOT NULL,
    resource text NOT NULL,
    networks text[] NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    last_used_from text NOT NULL,
    revoked_at timestamptz,
    revoke_reason text,
    CONSTRAINT api_keys_pkey PRIMARY KEY (key_id),
    CONSTRAINT api_keys_public_id_key UNIQUE (public_id),
    CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE,
    CONSTRAINT api_keys_service_account_id_fkey FOREIGN KEY (service_account_id)
        REFERENCES service_accounts (service_account_id) ON DELETE CASCADE,
    CONSTRAINT api_keys_has_one_holder CHECK (num_nonnulls(user_id, service_account_id) = 1),
    CONSTRAINT api_keys_hash_is_sha256 CHECK (octet_length(secret_hash) = 32),
    CONSTRAINT api_keys_has_scopes CHECK (cardinality(scopes) BETWEEN 1 AND 20),
    CONSTRAINT api_keys_end_has_reason CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL))
);
CREATE INDEX api_keys_by_user ON api_keys (user_id, created_at DESC) WHERE user_id IS NOT NULL;
CREATE INDEX api_keys_by_service_account ON api_keys (service_account_id, created_at DESC)
    WHERE service_account_id IS NOT NULL;
CREATE INDEX api_keys_by_revoked_at ON api_keys (revoked_at) WHERE revoked_at IS NOT NULL;
