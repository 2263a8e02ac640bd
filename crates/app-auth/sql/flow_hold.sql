SELECT login, return_to, user_id, proven, expires_at, adds FROM sign_in_flows WHERE handle_hash = $1 FOR UPDATE
