SELECT id, person_id, ends_on, days, extender_id, used_at
FROM expiry_reminders
WHERE id = $1
