-- Two people who are put below each other at the same moment must not both succeed.
SELECT pg_advisory_xact_lock(hashtext('accounts.reporting'))
