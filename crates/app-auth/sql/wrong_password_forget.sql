DELETE FROM wrong_passwords WHERE name_mac = $1 RETURNING count
