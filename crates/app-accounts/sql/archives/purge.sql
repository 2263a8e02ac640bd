DELETE FROM archives WHERE expires_at <= $1
