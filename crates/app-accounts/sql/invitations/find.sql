-- Whoever was added by other means than an invitation has an empty one.
SELECT p.id AS person_id, coalesce(i.message, '') AS message, coalesce(i.lasts_days, 3::smallint) AS lasts_days,
       coalesce(i.state, 'new') AS state, coalesce(i.created_at, p.created_at) AS created_at,
       coalesce(i.changed_at, p.created_at) AS changed_at, i.expires_at, i.invited_by, b.display_name AS inviter_name
FROM people p
LEFT JOIN invitations i ON i.person_id = p.id
LEFT JOIN people b ON b.id = i.invited_by
WHERE p.id = $1
