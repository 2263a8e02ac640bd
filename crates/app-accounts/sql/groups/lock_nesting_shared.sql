-- Held beside others of its kind, but never beside a change of what is inside what.
SELECT pg_advisory_xact_lock_shared(hashtext('accounts.nesting'))
