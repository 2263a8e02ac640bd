-- One change of the grants of a thing at a time.
SELECT pg_advisory_xact_lock(hashtextextended($1, 25))
