-- How often something was tried, so that neither a restart nor a lost Redis gives anybody new tries. What was typed is
-- here only as a keyed hash: people type passwords into the wrong field. Networks have a name, for administrators.
CREATE TABLE guess_budgets (
    kind text NOT NULL,
    key_hash bytea NOT NULL,
    label text NOT NULL,
    window_started_at timestamptz NOT NULL,
    spent integer NOT NULL,
    strikes integer NOT NULL,
    blocked_until timestamptz,
    CONSTRAINT guess_budgets_pkey PRIMARY KEY (kind, key_hash),
    CONSTRAINT guess_budgets_hash_is_sha256 CHECK (octet_length(key_hash) = 32)
);
CREATE INDEX guess_budgets_by_blocked_until ON guess_budgets (blocked_until) WHERE blocked_until IS NOT NULL;
