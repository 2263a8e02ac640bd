-- One instance at a time decides about keys.
SELECT pg_advisory_xact_lock(hashtextextended('auth.signing_keys', 0))
