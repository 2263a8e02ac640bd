UPDATE expiry_reminders SET used_at = $2 WHERE id = $1
