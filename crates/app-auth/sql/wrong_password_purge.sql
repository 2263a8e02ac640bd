DELETE FROM wrong_passwords WHERE last_at < $1
