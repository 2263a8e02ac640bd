-- An invitation that is made anew says what it says then.
INSERT INTO invitations AS known (person_id, invited_by, message, lasts_days, state, created_at, changed_at)
SELECT person_id, $2, $3, $4, $5, $6, $6 FROM unnest($1::uuid[]) AS i (person_id)
ON CONFLICT ON CONSTRAINT invitations_pk
DO UPDATE SET invited_by = excluded.invited_by, message = excluded.message, lasts_days = excluded.lasts_days,
              state = excluded.state, changed_at = excluded.changed_at
