-- Held until the transaction ends. Somebody who is refused comes second while the first is still at it.
SELECT pg_try_advisory_xact_lock(
    hashtextextended('cloud:idempotency:' || current_schema() || ':' || $1::uuid || ':' || $2::text, 0)) AS locked
