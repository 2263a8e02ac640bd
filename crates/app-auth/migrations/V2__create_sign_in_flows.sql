-- A sign-in on its way, named by a handle in the address, so that each tab has its own. Rows without a person
-- only keep what was typed. A row with a person says that a first proof was given and more is asked for.
CREATE TABLE sign_in_flows (
    handle_hash bytea NOT NULL,
    login text NOT NULL,
    return_to text NOT NULL,
    user_id uuid,
    proven text[] NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT sign_in_flows_pkey PRIMARY KEY (handle_hash),
    CONSTRAINT sign_in_flows_user_id_fkey FOREIGN KEY (user_id) REFERENCES subjects (user_id) ON DELETE CASCADE,
    CONSTRAINT sign_in_flows_handle_hash_is_sha256 CHECK (octet_length(handle_hash) = 32),
    CONSTRAINT sign_in_flows_proof_has_person CHECK ((user_id IS NULL) = (cardinality(proven) = 0)),
    CONSTRAINT sign_in_flows_login_is_short CHECK (char_length(login) <= 254)
);
CREATE INDEX sign_in_flows_by_expires_at ON sign_in_flows (expires_at);
