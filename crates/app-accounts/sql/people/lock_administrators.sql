-- Two administrators who take the role from each other at the same moment must not both succeed.
SELECT pg_advisory_xact_lock(hashtext('accounts.administrators'))
