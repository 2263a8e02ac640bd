DELETE FROM ways_in WHERE expires_at < $1
