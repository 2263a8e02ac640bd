SELECT r.id, r.person_id, r.ends_on, r.days, r.extender_id, r.used_at
FROM extension_links k
JOIN expiry_reminders r ON r.id = k.reminder_id
WHERE k.token_hash = $1
