DELETE FROM expiry_reminders WHERE ends_on < $1
