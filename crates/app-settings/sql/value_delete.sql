DELETE FROM stored_values WHERE app = $1 AND key = $2
