-- Links that let the owner of a name past the limit that strangers spent, into a browser that is not known yet. They
-- open nothing by themselves. The secret follows from the id and APP_SECRET; its hash alone is stored.
CREATE TABLE ways_in (
    way_in_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    -- The name that was held back, in the form in which names are compared: it is this person's.
    login text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT ways_in_pkey PRIMARY KEY (way_in_id),
    CONSTRAINT ways_in_token_hash_key UNIQUE (token_hash),
    CONSTRAINT ways_in_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE,
    CONSTRAINT ways_in_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
    CONSTRAINT ways_in_login_is_short CHECK (char_length(login) <= 254)
);
CREATE INDEX ways_in_by_user ON ways_in (user_id, created_at DESC);
CREATE INDEX ways_in_by_expires_at ON ways_in (expires_at);

-- Whether a password is long enough to stand alone is known when it is set or typed, never from its hash. The moment
-- it was set, where it is: a version of this program that knows nothing of it leaves another one behind.
ALTER TABLE passwords ADD COLUMN stands_alone_as_of timestamptz;
