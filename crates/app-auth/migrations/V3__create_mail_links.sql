-- Sign-ins by mail. Link and code follow from the id and APP_SECRET: neither is stored, so that nothing here opens
-- anything. A row is made for whatever name was typed; the person is found later, in a job.
CREATE TABLE mail_links (
    mail_link_id uuid NOT NULL,
    -- The sign-in that asked: its handle is what binds link and code to a browser.
    handle_hash bytea NOT NULL,
    token_hash bytea NOT NULL,
    -- Whom the mail went to, once it went to somebody.
    user_id uuid,
    -- Wrong codes so far.
    wrong_codes integer NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT mail_links_pkey PRIMARY KEY (mail_link_id),
    CONSTRAINT mail_links_token_hash_key UNIQUE (token_hash),
    CONSTRAINT mail_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE,
    CONSTRAINT mail_links_hashes_are_sha256
        CHECK (octet_length(handle_hash) = 32 AND octet_length(token_hash) = 32)
);
CREATE INDEX mail_links_by_handle ON mail_links (handle_hash, created_at DESC);
CREATE INDEX mail_links_by_expires_at ON mail_links (expires_at);

-- Wrong passwords in a row for one name, known or not, by a keyed hash of it.
CREATE TABLE wrong_passwords (
    name_mac bytea NOT NULL,
    count integer NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT wrong_passwords_pkey PRIMARY KEY (name_mac),
    CONSTRAINT wrong_passwords_mac_is_sha256 CHECK (octet_length(name_mac) = 32)
);
CREATE INDEX wrong_passwords_by_last_at ON wrong_passwords (last_at);
