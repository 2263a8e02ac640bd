SELECT app, key, envelope FROM stored_values WHERE envelope IS NOT NULL
