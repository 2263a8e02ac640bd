-- Whoever was added by other means than an invitation gets an empty one.
INSERT INTO invitations AS known (person_id, message, lasts_days, state, created_at, changed_at, expires_at)
SELECT id, '', 3, $2, created_at, $3, $4 FROM people WHERE id = $1
ON CONFLICT ON CONSTRAINT invitations_pk
DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at,
              expires_at = coalesce(excluded.expires_at, known.expires_at)
