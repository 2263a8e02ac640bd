SELECT key, value FROM stored_values WHERE app = $1 AND value IS NOT NULL
