DELETE FROM mail_addresses
WHERE id = $1
