INSERT INTO wrong_passwords (name_mac, count, last_at) VALUES ($1, 1, $2)
ON CONFLICT (name_mac) DO UPDATE SET count = wrong_passwords.count + 1, last_at = excluded.last_at
