-- Background work of this service. A job in state running belongs to its holder until the lease ends; lease_epoch
-- counts the leases, so that a holder that was taken for dead cannot complete what somebody else runs.

CREATE TABLE jobs (
    job_id uuid CONSTRAINT jobs_pkey PRIMARY KEY,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    unique_key text,
    state text NOT NULL DEFAULT 'queued'
        CONSTRAINT jobs_state_check CHECK (state IN ('queued', 'running', 'done', 'dead')),
    run_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    max_attempts integer NOT NULL CONSTRAINT jobs_max_attempts_check CHECK (max_attempts > 0),
    lease_epoch bigint NOT NULL DEFAULT 0,
    lease_holder text,
    lease_until_at timestamptz,
    progress real CONSTRAINT jobs_progress_check CHECK (progress BETWEEN 0 AND 1),
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CONSTRAINT jobs_lease_check CHECK ((state = 'running') = (lease_until_at IS NOT NULL)),
    CONSTRAINT jobs_finished_check CHECK ((state IN ('done', 'dead')) = (finished_at IS NOT NULL))
);
CREATE UNIQUE INDEX jobs_unique_key_key ON jobs (kind, unique_key)
    WHERE unique_key IS NOT NULL AND state IN ('queued', 'running');
CREATE INDEX jobs_due_idx ON jobs (run_at) WHERE state = 'queued';
CREATE INDEX jobs_lease_idx ON jobs (lease_until_at) WHERE state = 'running';
CREATE INDEX jobs_finished_idx ON jobs (finished_at) WHERE state IN ('done', 'dead');

-- The last tick of each schedule for which a job was made, by whichever instance came first.
CREATE TABLE cron_runs (
    name text CONSTRAINT cron_runs_pkey PRIMARY KEY,
    last_tick_at timestamptz NOT NULL
);
