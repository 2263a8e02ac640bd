INSERT INTO expiry_reminders (id, person_id, ends_on, days, extender_id, created_at)
SELECT $1, $2, $3::date, $4::smallint, $5, $6
WHERE NOT EXISTS (
    SELECT FROM expiry_reminders WHERE person_id = $2 AND ends_on = $3::date AND days <= $4::smallint)
ON CONFLICT ON CONSTRAINT expiry_reminders_once DO NOTHING
