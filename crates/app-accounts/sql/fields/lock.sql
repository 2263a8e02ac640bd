-- Declarations wait for each other, so that their number is bounded and their order is one.
SELECT pg_advisory_xact_lock(hashtext('accounts.custom_fields'))
