-- Two changes that are harmless alone may form a cycle together, so they happen one after the other.
SELECT pg_advisory_xact_lock(hashtext('accounts.nesting'))
