-- Changes of what is inside what happen one after the other, and never beside a change of who is in a group:
-- two that are harmless alone may form a cycle together, or leave somebody out of what the others are told.
SELECT pg_advisory_xact_lock(hashtext('accounts.nesting'))
