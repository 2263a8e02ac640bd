-- One relay per schema at a time, for the length of the transaction.
SELECT pg_try_advisory_xact_lock(hashtextextended('cloud:outbox:' || current_schema(), 0))
