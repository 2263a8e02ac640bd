-- Open invitations, oldest first. $1: only of that state, where `expired` is one. Whoever was added by other means than
-- an invitation waits for one all the same.
WITH open AS (
    SELECT p.id AS person_id, p.display_name, p.username, p.email, p.role, p.search, coalesce(i.message, '') AS message,
           coalesce(i.lasts_days, 3::smallint) AS lasts_days, coalesce(i.state, 'new') AS state,
           coalesce(i.created_at, p.created_at) AS created_at, coalesce(i.changed_at, p.created_at) AS changed_at,
           i.expires_at, i.invited_by
    FROM people p
    LEFT JOIN invitations i ON i.person_id = p.id
    WHERE p.life_state = 'invited'
)
SELECT o.person_id, o.display_name, o.username, o.email, o.role, o.message, o.lasts_days, o.state, o.created_at,
       o.changed_at, o.expires_at, o.invited_by, b.display_name AS inviter_name, count(*) OVER () AS total
FROM open o
LEFT JOIN people b ON b.id = o.invited_by
WHERE ($1::text IS NULL OR $1 = CASE
        WHEN o.state IN ('sent', 'shown') AND o.expires_at <= $2 THEN 'expired'
        ELSE o.state
    END)
  AND ($3::text IS NULL OR o.search @@ to_tsquery('simple', $3))
ORDER BY o.created_at, o.person_id
LIMIT $4 OFFSET $5
