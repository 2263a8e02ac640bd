UPDATE history SET secret = true, old_value = NULL, new_value = NULL WHERE app = $1 AND key = $2
