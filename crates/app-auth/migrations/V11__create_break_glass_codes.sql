-- Codes on paper that open the account of an administrator when nothing else does, each for one use, by their HMAC.
CREATE TABLE break_glass_codes (
    user_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT break_glass_codes_pkey PRIMARY KEY (user_id, code_hash),
    CONSTRAINT break_glass_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE,
    CONSTRAINT break_glass_codes_hash_is_sha256 CHECK (octet_length(code_hash) = 32)
);

-- Refused attempts are counted where they are written down. Dropped by a later version, so that the one before this
-- runs on these tables.
COMMENT ON TABLE wrong_passwords IS 'not used any more';
