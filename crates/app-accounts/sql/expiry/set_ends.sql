-- The last day of everybody of a kind who has none of their own. No setting brings an end closer than 30 days: there has
-- to be time to remind of it.
WITH counted AS (
    SELECT p.id, l.ends_on AS former,
           COALESCE(l.counted_from, (p.created_at AT TIME ZONE 'UTC')::date) + $2::integer AS ends_on
    FROM people p
    LEFT JOIN life_cycles l ON l.person_id = p.id
    WHERE p.role = $1 AND p.state <> 'disabled' AND p.ends_on IS NULL
), wanted AS (
    SELECT id, former,
           CASE WHEN ends_on >= former THEN ends_on ELSE LEAST(former, GREATEST(ends_on, $3::date + 30)) END AS ends_on
    FROM counted
)
INSERT INTO life_cycles (person_id, ends_on)
SELECT id, ends_on FROM wanted WHERE ends_on IS DISTINCT FROM former
ON CONFLICT ON CONSTRAINT life_cycles_pk DO UPDATE SET ends_on = excluded.ends_on
