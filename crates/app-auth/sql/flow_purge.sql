DELETE FROM sign_in_flows WHERE expires_at < $1
