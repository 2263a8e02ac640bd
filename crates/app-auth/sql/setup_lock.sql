-- One at a time decides whether there is an administrator.
SELECT pg_advisory_xact_lock(hashtextextended('auth.setup', 0))
