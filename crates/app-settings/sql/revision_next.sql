-- Never below the clock, so that a database restored from a backup does not repeat versions that its apps
-- have already seen.
UPDATE revision
SET version = greatest(version + 1, (extract(EPOCH FROM clock_timestamp()) * 1000)::bigint)
RETURNING version
