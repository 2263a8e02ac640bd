DELETE FROM sign_in_flows WHERE handle_hash = $1
