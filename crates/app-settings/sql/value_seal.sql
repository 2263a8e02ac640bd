UPDATE stored_values SET value = NULL, envelope = $3 WHERE app = $1 AND key = $2
