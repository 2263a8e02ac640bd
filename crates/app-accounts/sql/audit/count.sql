-- Nobody turns that many pages; counting all of a long trail would take longer than reading one.
SELECT count(*) AS entries
FROM (
    SELECT
    FROM audit
    WHERE ($1::text IS NULL OR target_kind = $1)
      AND ($2::text IS NULL OR outcome = $2)
      AND ($3::timestamptz IS NULL OR occurred_at >= $3)
      AND ($4::uuid IS NULL OR actor_id = $4 OR target_id = $4)
      AND ($5::text IS NULL OR actor_name ILIKE $5 OR target_name ILIKE $5 OR action ILIKE $5 OR request_id ILIKE $5
           OR address ILIKE $5)
    LIMIT 10000
) counted
